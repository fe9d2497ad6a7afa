"""Directives et rôles du livre, un module par sujet."""
