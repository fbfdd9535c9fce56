"""Steps that serve every source: repair what can be, flag what cannot, count, set aside; drop nothing."""
