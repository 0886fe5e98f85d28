"""Lectures: what was said in a recording and when, and what was made of it."""
