CREATE TABLE rhythm (
	person_id INTEGER NOT NULL, 
	last TEXT NOT NULL, 
	days INTEGER NOT NULL, 
	gaps TEXT NOT NULL, 
	PRIMARY KEY (person_id), 
	CONSTRAINT last_is_a_day CHECK (last = date(last)), 
	CONSTRAINT gaps_are_numbers CHECK (gaps NOT GLOB '*[^0-9,]*'), 
	FOREIGN KEY(person_id) REFERENCES person (id) ON DELETE CASCADE
)
 STRICT
