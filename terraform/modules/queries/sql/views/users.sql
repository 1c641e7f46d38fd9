-- The user behind each id that became another.
CREATE OR REPLACE VIEW users AS
WITH ${users}
SELECT * FROM users
