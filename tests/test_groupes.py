"""Un groupe de tests reste sur un seul processus quand la suite est partagée entre plusieurs."""

import pytest


@pytest.mark.xdist_group("essai-de-groupe")
def test_group_is_in_the_identifier_that_xdist_shares_out(request):
    shared = getattr(request.config.option, "loadgroup", False)
    assert request.node.nodeid.endswith("@essai-de-groupe") is bool(shared)


def test_file_is_the_group_of_a_test_that_names_none(request):
    shared = getattr(request.config.option, "loadgroup", False)
    assert request.node.nodeid.endswith("@tests.test_groupes") is bool(shared)
