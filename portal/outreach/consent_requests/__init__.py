"""An enrolled person is asked, by one email a year at most, whether we may ask them for one thing more."""
