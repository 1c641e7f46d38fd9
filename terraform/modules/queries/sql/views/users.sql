-- The user behind each id that became another.
-- Columns: app_id string, id string, user_id string.
WITH ${users}
SELECT * FROM users
