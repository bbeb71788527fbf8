"""Iterates of population EM: enclosed in balls, or observed in double precision."""
