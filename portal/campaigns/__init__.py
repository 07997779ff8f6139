"""Campaigns: one ask to very many people, frozen, approved, sent batch by batch, paused and stopped by people."""
