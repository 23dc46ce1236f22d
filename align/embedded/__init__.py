"""PostgreSQL and Valkey as child processes, and the foreground tree of ``make run``.

Standard library only: nothing here may import Django or anything that is installed.
"""
