-- Which content was moved aside: another broken object under the same key is another stay, with a row of its own. The row
-- of the former is then released as 'replaced'.

ALTER TABLE ops.quarantined_objects ADD COLUMN e_tag VARCHAR(64);
