"""What a partner reads: French text, tables, figures, pages."""
