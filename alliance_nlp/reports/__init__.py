"""What people look at. These modules compute nothing."""
