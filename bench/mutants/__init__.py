"""Small faults put into the apps' code, and whether the tests of the app notice them."""
