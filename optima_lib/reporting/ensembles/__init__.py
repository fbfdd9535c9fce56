"""A question across authorities, section by section: groups, contracts, levels, years, quarters."""
