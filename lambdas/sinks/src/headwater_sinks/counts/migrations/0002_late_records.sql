-- Which records were counted late, by an operator: the ranges of `counted` no longer say if they are.
CREATE TABLE late_records (
    shard    text NOT NULL,
    sequence text NOT NULL,
    PRIMARY KEY (shard, sequence)
);
