"""Certificates of those whose record is whole: issued, looked up, and put on pictures and pages."""
