-- How many events of a type an app had in a minute (UTC).
CREATE TABLE counts_by_minute (
    app_id     text        NOT NULL,
    event_type text        NOT NULL,
    minute     timestamptz NOT NULL,
    events     bigint      NOT NULL,
    PRIMARY KEY (minute, app_id, event_type)
);

-- How many there were in all.
CREATE TABLE totals (
    app_id     text   NOT NULL,
    event_type text   NOT NULL,
    events     bigint NOT NULL,
    PRIMARY KEY (app_id, event_type)
);

-- Which records of the stream are counted: for each shard, ranges of sequence numbers as
-- first-last,first-last.
CREATE TABLE counted (
    shard  text PRIMARY KEY,
    ranges text NOT NULL
);
