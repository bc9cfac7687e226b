CREATE TABLE interest_broader (
	narrow TEXT NOT NULL, 
	broad TEXT NOT NULL, 
	source TEXT NOT NULL, 
	PRIMARY KEY (narrow, broad), 
	CONSTRAINT broader_needs_two CHECK (narrow <> broad), 
	CONSTRAINT source_known CHECK (source IN ('shipped', 'own'))
)
 WITHOUT ROWID,
 STRICT;
CREATE INDEX interest_broader_reverse ON interest_broader (broad, narrow);
CREATE TABLE interest_name (
	"key" TEXT NOT NULL, 
	label TEXT NOT NULL, 
	sense TEXT NOT NULL, 
	source TEXT NOT NULL, 
	PRIMARY KEY ("key"), 
	CONSTRAINT key_not_empty CHECK (length(key) > 0), 
	CONSTRAINT source_known CHECK (source IN ('typed', 'shipped'))
)
 WITHOUT ROWID,
 STRICT;
CREATE INDEX interest_name_sense ON interest_name (sense);
CREATE TABLE step (
	id INTEGER NOT NULL, 
	day TEXT NOT NULL, 
	words TEXT NOT NULL, 
	actor TEXT NOT NULL, 
	open INTEGER NOT NULL, 
	undone INTEGER NOT NULL, 
	PRIMARY KEY (id), 
	CONSTRAINT day_is_a_day CHECK (day = date(day)), 
	CONSTRAINT actor_not_empty CHECK (length(actor) > 0), 
	CONSTRAINT open_is_a_flag CHECK (open IN (0, 1)), 
	CONSTRAINT undone_is_a_flag CHECK (undone IN (0, 1))
)
 STRICT;
CREATE UNIQUE INDEX step_open ON step (open) WHERE open = 1;
CREATE INDEX step_undone ON step (undone, id);
CREATE TABLE vocabulary_word (
	id INTEGER NOT NULL, 
	saying TEXT NOT NULL, 
	a_key TEXT NOT NULL, 
	a_label TEXT NOT NULL, 
	b_key TEXT NOT NULL, 
	b_label TEXT NOT NULL, 
	said_on TEXT NOT NULL, 
	PRIMARY KEY (id), 
	UNIQUE (a_key, b_key), 
	CONSTRAINT word_needs_two CHECK (a_key <> b_key), 
	CONSTRAINT saying_known CHECK (saying IN ('same', 'under', 'apart')), 
	CONSTRAINT said_on_is_a_day CHECK (said_on = date(said_on))
)
 STRICT;
CREATE TABLE change (
	id INTEGER NOT NULL, 
	step_id INTEGER NOT NULL, 
	of_table TEXT NOT NULL, 
	back TEXT NOT NULL, 
	keyed TEXT, 
	image TEXT, 
	PRIMARY KEY (id), 
	CONSTRAINT back_known CHECK (back IN ('insert', 'update', 'delete')), 
	FOREIGN KEY(step_id) REFERENCES step (id) ON DELETE CASCADE
)
 STRICT;
CREATE INDEX change_step ON change (step_id, id);
CREATE TABLE introduction (
	a_id INTEGER NOT NULL, 
	b_id INTEGER NOT NULL, 
	a_said TEXT, 
	b_said TEXT, 
	made_on TEXT, 
	PRIMARY KEY (a_id, b_id), 
	CONSTRAINT pair_in_order CHECK (a_id < b_id), 
	CONSTRAINT a_said_known CHECK (a_said IN ('yes', 'no')), 
	CONSTRAINT b_said_known CHECK (b_said IN ('yes', 'no')), 
	CONSTRAINT made_on_is_a_day CHECK (made_on = date(made_on)), 
	FOREIGN KEY(a_id) REFERENCES person (id) ON DELETE CASCADE, 
	FOREIGN KEY(b_id) REFERENCES person (id) ON DELETE CASCADE
)
 WITHOUT ROWID,
 STRICT;
CREATE INDEX introduction_reverse ON introduction (b_id);
CREATE TABLE origin (
	id INTEGER NOT NULL, 
	person_id INTEGER NOT NULL, 
	kind TEXT NOT NULL, 
	"key" TEXT, 
	raw BLOB, 
	PRIMARY KEY (id), 
	CONSTRAINT kind_not_empty CHECK (length(kind) > 0), 
	FOREIGN KEY(person_id) REFERENCES person (id) ON DELETE CASCADE
)
 STRICT;
CREATE INDEX origin_key ON origin ("key");
CREATE INDEX origin_person ON origin (person_id);
CREATE TABLE remark (
	id INTEGER NOT NULL, 
	person_id INTEGER NOT NULL, 
	text TEXT NOT NULL, 
	source TEXT, 
	PRIMARY KEY (id), 
	UNIQUE (person_id, text), 
	CONSTRAINT text_not_empty CHECK (length(text) > 0), 
	FOREIGN KEY(person_id) REFERENCES person (id) ON DELETE CASCADE
)
 STRICT;
CREATE TABLE rest (
	person_id INTEGER NOT NULL, 
	until TEXT, 
	PRIMARY KEY (person_id), 
	CONSTRAINT until_is_a_day CHECK (until = date(until)), 
	FOREIGN KEY(person_id) REFERENCES person (id) ON DELETE CASCADE
)
 STRICT;
CREATE TABLE sent (
	id INTEGER NOT NULL, 
	person_id INTEGER NOT NULL, 
	day TEXT NOT NULL, 
	text TEXT NOT NULL, 
	PRIMARY KEY (id), 
	UNIQUE (person_id, text), 
	CONSTRAINT text_not_empty CHECK (length(text) > 0), 
	CONSTRAINT day_is_a_day CHECK (day = date(day)), 
	FOREIGN KEY(person_id) REFERENCES person (id) ON DELETE CASCADE
)
 STRICT;
CREATE TABLE showing (
	person_id INTEGER NOT NULL, 
	day TEXT NOT NULL, 
	question TEXT, 
	PRIMARY KEY (person_id, day), 
	CONSTRAINT day_is_a_day CHECK (day = date(day)), 
	FOREIGN KEY(person_id) REFERENCES person (id) ON DELETE CASCADE
)
 WITHOUT ROWID,
 STRICT;
CREATE TABLE synced (
	folder TEXT NOT NULL, 
	file TEXT NOT NULL, 
	person_id INTEGER, 
	uid TEXT, 
	digest TEXT NOT NULL, 
	base BLOB NOT NULL, 
	PRIMARY KEY (folder, file), 
	CONSTRAINT file_not_empty CHECK (length(file) > 0), 
	FOREIGN KEY(person_id) REFERENCES person (id) ON DELETE SET NULL
)
 WITHOUT ROWID,
 STRICT;
CREATE INDEX synced_person ON synced (person_id);
CREATE TABLE caught (
	link_id INTEGER NOT NULL, 
	from_id INTEGER NOT NULL, 
	PRIMARY KEY (link_id), 
	FOREIGN KEY(link_id) REFERENCES person_interest (id) ON DELETE CASCADE, 
	FOREIGN KEY(from_id) REFERENCES person (id) ON DELETE CASCADE
)
 STRICT;
CREATE INDEX caught_from ON caught (from_id);
CREATE TABLE uid (
	person_id INTEGER NOT NULL, 
	uid TEXT NOT NULL, 
	PRIMARY KEY (person_id), 
	UNIQUE (uid), 
	CONSTRAINT uid_not_empty CHECK (length(uid) > 0), 
	FOREIGN KEY(person_id) REFERENCES person (id) ON DELETE CASCADE
)
 WITHOUT ROWID,
 STRICT
