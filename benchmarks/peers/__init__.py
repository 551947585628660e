"""What Mesonet is measured against, each as its own documentation shows it: one route, the latest values of a station."""
