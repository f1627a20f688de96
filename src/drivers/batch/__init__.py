"""Running reports: one client or many."""
