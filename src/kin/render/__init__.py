"""How what kin tells looks: a frozen dataclass in, a page of styled lines out.

Pure: a renderer never queries and never knows the terminal; cli.console fits the page to it.
"""
