"""Just enough of JSON Schema (2020-12) to check what commands print; an unknown keyword is an error, so nothing is skipped."""

_TYPES = {
    "object": dict, "array": list, "string": str, "boolean": bool, "null": type(None), "number": (int, float),
}  # fmt: skip
_KNOWN = {"$ref", "type", "properties", "required", "additionalProperties", "items", "enum", "description"}


def wrong(value, schema, root, at="$"):
    """What of a value is not as the schema says, a line each. root: where `$ref`s lead."""
    assert set(schema) <= _KNOWN, set(schema) - _KNOWN
    if "$ref" in schema:
        schema = root["$defs"][schema["$ref"].removeprefix("#/$defs/")]
        return wrong(value, schema, root, at)
    wanted = schema.get("type", [])
    wanted = [wanted] if isinstance(wanted, str) else wanted
    if wanted and not any(_is(value, one) for one in wanted):
        return [f"{at}: {value!r} is not {' or '.join(wanted)}"]
    found = [f"{at}: {value!r} is none of {schema['enum']}"] if value not in schema.get("enum", [value]) else []
    if isinstance(value, list) and "items" in schema:
        found += [each for n, one in enumerate(value) for each in wrong(one, schema["items"], root, f"{at}[{n}]")]
    if isinstance(value, dict):
        found += _members(value, schema, root, at)
    return found


def _members(value, schema, root, at):
    known, others = schema.get("properties", {}), schema.get("additionalProperties", True)
    found = [f"{at}: no {name}" for name in schema.get("required", []) if name not in value]
    for name, one in value.items():
        if name in known:
            found += wrong(one, known[name], root, f"{at}.{name}")
        elif others is False:
            found.append(f"{at}: nobody promised {name}")
        elif isinstance(others, dict):
            found += wrong(one, others, root, f"{at}.{name}")
    return found


def _is(value, name):
    return isinstance(value, _TYPES[name]) and not (isinstance(value, bool) and name == "number")
