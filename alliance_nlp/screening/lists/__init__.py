"""Word lists of the screen; README.md says where they come from."""
