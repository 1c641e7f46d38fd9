-- The page of an event: its path, or the name of a screen that has none, which only the context has.
coalesce(event.path, json_extract_scalar(event.context, '$["$message"].name'))
