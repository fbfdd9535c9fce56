"""The stages in order: clean, measure, study."""
