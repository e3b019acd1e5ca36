"""The table of behaviours: name, kind, function; its doc says what it does."""

TABLE = {}


def behaviour(kind):
    def add(function):
        name = function.__name__.replace("_", "-")
        assert name not in TABLE
        TABLE[name] = (kind, function)
        return function
    return add
