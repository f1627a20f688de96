"""Results in; sentences, figures, tables and pages out. Computes nothing."""
