"""Ce qui fabrique les contributions fictives : une grammaire, puis des fautes de frappe."""
