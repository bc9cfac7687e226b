CREATE TABLE conversation (
	id INTEGER NOT NULL,
	day TEXT NOT NULL,
	precision TEXT NOT NULL,
	text TEXT NOT NULL,
	told_from INTEGER NOT NULL,
	place TEXT,
	"by" TEXT,
	noted_at TEXT NOT NULL,
	PRIMARY KEY (id),
	UNIQUE (id, day),
	CONSTRAINT told_from_in_text CHECK (told_from >= 0),
	CONSTRAINT text_not_empty CHECK (length(text) > 0),
	CONSTRAINT day_is_a_day CHECK (day IS date(day, '+0 days') AND day >= '0001-01-01'),
	CONSTRAINT precision_known CHECK (precision IN ('day', 'week', 'month', 'year')),
	CONSTRAINT by_known CHECK (by IN ('visit', 'call', 'video', 'message', 'letter')),
	CONSTRAINT place_is_short CHECK (length(place) <= 200)
)
 STRICT

CREATE TABLE forgotten (
	salt BLOB NOT NULL,
	mark BLOB NOT NULL,
	PRIMARY KEY (salt, mark)
)
 WITHOUT ROWID,
 STRICT

CREATE TABLE interest (
	id INTEGER NOT NULL,
	"key" TEXT NOT NULL,
	label TEXT NOT NULL,
	PRIMARY KEY (id),
	CONSTRAINT key_not_empty CHECK (length(key) > 0),
	CONSTRAINT label_not_empty CHECK (length(label) > 0),
	CONSTRAINT label_is_short CHECK (length(label) <= 200),
	UNIQUE ("key")
)
 STRICT

CREATE TABLE interest_broader (
	narrow TEXT NOT NULL,
	broad TEXT NOT NULL,
	source TEXT NOT NULL,
	PRIMARY KEY (narrow, broad),
	CONSTRAINT broader_needs_two CHECK (narrow <> broad),
	CONSTRAINT source_known CHECK (source IN ('shipped', 'own'))
)
 WITHOUT ROWID,
 STRICT

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
 STRICT

CREATE TABLE meta (
	name TEXT NOT NULL,
	value TEXT NOT NULL,
	PRIMARY KEY (name),
	CONSTRAINT name_not_empty CHECK (length(name) > 0)
)
 WITHOUT ROWID,
 STRICT

CREATE TABLE people_group (
	id INTEGER NOT NULL,
	"key" TEXT NOT NULL,
	label TEXT NOT NULL,
	PRIMARY KEY (id),
	CONSTRAINT key_not_empty CHECK (length(key) > 0),
	CONSTRAINT label_is_short CHECK (length(label) <= 200),
	UNIQUE ("key")
)
 STRICT

CREATE TABLE person (
	id INTEGER NOT NULL,
	handle TEXT NOT NULL,
	name TEXT NOT NULL,
	is_me INTEGER NOT NULL,
	met_on TEXT,
	met_precision TEXT,
	met_at TEXT,
	met_story TEXT,
	met_through INTEGER,
	lives TEXT,
	circle TEXT,
	added_on TEXT NOT NULL,
	PRIMARY KEY (id),
	CONSTRAINT name_not_empty CHECK (length(name) > 0),
	CONSTRAINT handle_not_empty CHECK (length(handle) > 0),
	CONSTRAINT is_me_is_a_flag CHECK (is_me IN (0, 1)),
	CONSTRAINT handle_is_one_word CHECK (handle NOT GLOB '*[^-0-9a-zª®-؛؝-᠍᠏-῿⁰-퟿豈-﻾＀-￯𐀀-󟿿]*' AND handle NOT GLOB '-*' AND instr(handle, char(0)) = 0),
	CONSTRAINT handle_is_short CHECK (length(handle) <= 40),
	CONSTRAINT name_is_short CHECK (length(name) <= 200),
	CONSTRAINT met_at_is_short CHECK (length(met_at) <= 200),
	CONSTRAINT lives_is_short CHECK (length(lives) <= 200),
	CONSTRAINT circle_known CHECK (circle IN ('inner', 'close', 'friend', 'wide')),
	CONSTRAINT met_precision_known CHECK (met_precision IN ('day', 'week', 'month', 'year')),
	CONSTRAINT met_on_is_a_day CHECK (met_on IS date(met_on, '+0 days') AND met_on >= '0001-01-01'),
	CONSTRAINT added_on_is_a_day CHECK (added_on IS date(added_on, '+0 days') AND added_on >= '0001-01-01'),
	UNIQUE (handle),
	FOREIGN KEY(met_through) REFERENCES person (id) ON DELETE SET NULL
)
 STRICT

CREATE TABLE step (
	id INTEGER NOT NULL,
	day TEXT NOT NULL,
	words TEXT NOT NULL,
	actor TEXT NOT NULL,
	open INTEGER NOT NULL,
	undone INTEGER NOT NULL,
	PRIMARY KEY (id),
	CONSTRAINT day_is_a_day CHECK (day IS date(day, '+0 days') AND day >= '0001-01-01'),
	CONSTRAINT actor_not_empty CHECK (length(actor) > 0),
	CONSTRAINT open_is_a_flag CHECK (open IN (0, 1)),
	CONSTRAINT undone_is_a_flag CHECK (undone IN (0, 1))
)
 STRICT

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
	CONSTRAINT said_on_is_a_day CHECK (said_on IS date(said_on, '+0 days') AND said_on >= '0001-01-01')
)
 STRICT

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
 STRICT

CREATE TABLE contact (
	id INTEGER NOT NULL,
	person_id INTEGER NOT NULL,
	kind TEXT NOT NULL,
	label TEXT,
	value TEXT NOT NULL,
	PRIMARY KEY (id),
	UNIQUE (person_id, kind, value),
	CONSTRAINT kind_known CHECK (kind IN ('email', 'phone', 'link')),
	CONSTRAINT value_not_empty CHECK (length(value) > 0),
	CONSTRAINT value_is_short CHECK (length(value) <= 2000),
	CONSTRAINT label_is_short CHECK (length(label) <= 200),
	FOREIGN KEY(person_id) REFERENCES person (id) ON DELETE CASCADE
)
 STRICT

CREATE TABLE conversation_person (
	person_id INTEGER NOT NULL,
	day TEXT NOT NULL,
	conversation_id INTEGER NOT NULL,
	matched TEXT NOT NULL,
	PRIMARY KEY (person_id, day, conversation_id),
	FOREIGN KEY(conversation_id, day) REFERENCES conversation (id, day) ON DELETE CASCADE ON UPDATE CASCADE,
	FOREIGN KEY(person_id) REFERENCES person (id) ON DELETE CASCADE
)
 WITHOUT ROWID,
 STRICT

CREATE TABLE conversation_topic (
	interest_id INTEGER NOT NULL,
	conversation_id INTEGER NOT NULL,
	PRIMARY KEY (interest_id, conversation_id),
	FOREIGN KEY(interest_id) REFERENCES interest (id) ON DELETE CASCADE,
	FOREIGN KEY(conversation_id) REFERENCES conversation (id) ON DELETE CASCADE
)
 WITHOUT ROWID,
 STRICT

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
	CONSTRAINT made_on_is_a_day CHECK (made_on IS date(made_on, '+0 days') AND made_on >= '0001-01-01'),
	FOREIGN KEY(a_id) REFERENCES person (id) ON DELETE CASCADE,
	FOREIGN KEY(b_id) REFERENCES person (id) ON DELETE CASCADE
)
 WITHOUT ROWID,
 STRICT

CREATE TABLE name_word (
	word TEXT NOT NULL,
	person_id INTEGER NOT NULL,
	PRIMARY KEY (word, person_id),
	FOREIGN KEY(person_id) REFERENCES person (id) ON DELETE CASCADE
)
 WITHOUT ROWID,
 STRICT

CREATE TABLE nickname (
	id INTEGER NOT NULL,
	person_id INTEGER NOT NULL,
	nickname TEXT NOT NULL,
	PRIMARY KEY (id),
	UNIQUE (person_id, nickname),
	CONSTRAINT nickname_not_empty CHECK (length(nickname) > 0),
	CONSTRAINT nickname_is_short CHECK (length(nickname) <= 200),
	FOREIGN KEY(person_id) REFERENCES person (id) ON DELETE CASCADE
)
 STRICT

CREATE TABLE occasion (
	id INTEGER NOT NULL,
	person_id INTEGER NOT NULL,
	kind TEXT NOT NULL,
	label TEXT NOT NULL,
	on_day TEXT NOT NULL,
	PRIMARY KEY (id),
	UNIQUE (person_id, kind, label),
	CONSTRAINT label_is_short CHECK (length(label) <= 200),
	CONSTRAINT on_day_is_a_day CHECK ((on_day IS date(on_day, '+0 days') AND on_day >= '0001-01-01') OR (on_day GLOB '--??-??' AND ('2000' || substr(on_day, 2)) IS date(('2000' || substr(on_day, 2)), '+0 days'))),
	FOREIGN KEY(person_id) REFERENCES person (id) ON DELETE CASCADE
)
 STRICT

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
 STRICT

CREATE TABLE person_group (
	person_id INTEGER NOT NULL,
	group_id INTEGER NOT NULL,
	PRIMARY KEY (person_id, group_id),
	FOREIGN KEY(person_id) REFERENCES person (id) ON DELETE CASCADE,
	FOREIGN KEY(group_id) REFERENCES people_group (id) ON DELETE CASCADE
)
 WITHOUT ROWID,
 STRICT

CREATE TABLE person_interest (
	id INTEGER NOT NULL,
	person_id INTEGER NOT NULL,
	interest_id INTEGER NOT NULL,
	stance TEXT NOT NULL,
	note TEXT,
	PRIMARY KEY (id),
	UNIQUE (person_id, interest_id),
	CONSTRAINT stance_known CHECK (stance IN ('into', 'collides')),
	FOREIGN KEY(person_id) REFERENCES person (id) ON DELETE CASCADE,
	FOREIGN KEY(interest_id) REFERENCES interest (id) ON DELETE CASCADE
)
 STRICT

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
 STRICT

CREATE TABLE rest (
	person_id INTEGER NOT NULL,
	until TEXT,
	PRIMARY KEY (person_id),
	CONSTRAINT until_is_a_day CHECK (until IS date(until, '+0 days') AND until >= '0001-01-01'),
	FOREIGN KEY(person_id) REFERENCES person (id) ON DELETE CASCADE
)
 STRICT

CREATE TABLE rhythm (
	person_id INTEGER NOT NULL,
	last TEXT NOT NULL,
	days INTEGER NOT NULL,
	gaps TEXT NOT NULL,
	PRIMARY KEY (person_id),
	CONSTRAINT last_is_a_day CHECK (last IS date(last, '+0 days') AND last >= '0001-01-01'),
	CONSTRAINT gaps_are_numbers CHECK (gaps NOT GLOB '*[^0-9,]*'),
	FOREIGN KEY(person_id) REFERENCES person (id) ON DELETE CASCADE
)
 STRICT

CREATE TABLE sent (
	id INTEGER NOT NULL,
	person_id INTEGER NOT NULL,
	day TEXT NOT NULL,
	text TEXT NOT NULL,
	PRIMARY KEY (id),
	UNIQUE (person_id, text),
	CONSTRAINT text_not_empty CHECK (length(text) > 0),
	CONSTRAINT day_is_a_day CHECK (day IS date(day, '+0 days') AND day >= '0001-01-01'),
	FOREIGN KEY(person_id) REFERENCES person (id) ON DELETE CASCADE
)
 STRICT

CREATE TABLE showing (
	person_id INTEGER NOT NULL,
	day TEXT NOT NULL,
	question TEXT,
	PRIMARY KEY (person_id, day),
	CONSTRAINT day_is_a_day CHECK (day IS date(day, '+0 days') AND day >= '0001-01-01'),
	FOREIGN KEY(person_id) REFERENCES person (id) ON DELETE CASCADE
)
 WITHOUT ROWID,
 STRICT

CREATE TABLE synced (
	folder TEXT NOT NULL,
	file TEXT NOT NULL,
	person_id INTEGER NOT NULL,
	uid TEXT,
	digest TEXT NOT NULL,
	base BLOB NOT NULL,
	PRIMARY KEY (folder, file),
	CONSTRAINT file_not_empty CHECK (length(file) > 0),
	FOREIGN KEY(person_id) REFERENCES person (id) ON DELETE CASCADE
)
 WITHOUT ROWID,
 STRICT

CREATE TABLE thread (
	id INTEGER NOT NULL,
	text TEXT NOT NULL,
	opened_on TEXT NOT NULL,
	due_on TEXT,
	heard_on TEXT,
	outcome TEXT,
	conversation_id INTEGER,
	PRIMARY KEY (id),
	CONSTRAINT text_not_empty CHECK (length(text) > 0),
	CONSTRAINT text_is_short CHECK (length(text) <= 2000),
	CONSTRAINT opened_on_is_a_day CHECK (opened_on IS date(opened_on, '+0 days') AND opened_on >= '0001-01-01'),
	CONSTRAINT due_on_is_a_day CHECK (due_on IS date(due_on, '+0 days') AND due_on >= '0001-01-01'),
	CONSTRAINT heard_on_is_a_day CHECK (heard_on IS date(heard_on, '+0 days') AND heard_on >= '0001-01-01'),
	FOREIGN KEY(conversation_id) REFERENCES conversation (id) ON DELETE SET NULL
)
 STRICT

CREATE TABLE tie (
	id INTEGER NOT NULL,
	a_id INTEGER NOT NULL,
	b_id INTEGER NOT NULL,
	word TEXT NOT NULL,
	PRIMARY KEY (id),
	UNIQUE (a_id, b_id, word),
	CONSTRAINT tie_needs_two CHECK (a_id <> b_id),
	CONSTRAINT word_not_empty CHECK (length(word) > 0),
	CONSTRAINT word_is_short CHECK (length(word) <= 200),
	FOREIGN KEY(a_id) REFERENCES person (id) ON DELETE CASCADE,
	FOREIGN KEY(b_id) REFERENCES person (id) ON DELETE CASCADE
)
 STRICT

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

CREATE TABLE caught (
	link_id INTEGER NOT NULL,
	from_id INTEGER NOT NULL,
	PRIMARY KEY (link_id),
	FOREIGN KEY(link_id) REFERENCES person_interest (id) ON DELETE CASCADE,
	FOREIGN KEY(from_id) REFERENCES person (id) ON DELETE CASCADE
)
 STRICT

CREATE TABLE thread_person (
	person_id INTEGER NOT NULL,
	thread_id INTEGER NOT NULL,
	PRIMARY KEY (person_id, thread_id),
	FOREIGN KEY(person_id) REFERENCES person (id) ON DELETE CASCADE,
	FOREIGN KEY(thread_id) REFERENCES thread (id) ON DELETE CASCADE
)
 WITHOUT ROWID,
 STRICT

CREATE INDEX conversation_day ON conversation (day, id)

CREATE INDEX conversation_place ON conversation (place) WHERE place IS NOT NULL

CREATE INDEX interest_broader_reverse ON interest_broader (broad, narrow)

CREATE INDEX interest_name_sense ON interest_name (sense)

CREATE UNIQUE INDEX person_me ON person (is_me) WHERE is_me = 1

CREATE INDEX person_met_through ON person (met_through)

CREATE UNIQUE INDEX step_open ON step (open) WHERE open = 1

CREATE INDEX step_undone ON step (undone, id)

CREATE INDEX change_step ON change (step_id, id)

CREATE UNIQUE INDEX conversation_person_reverse ON conversation_person (conversation_id, person_id)

CREATE INDEX conversation_topic_reverse ON conversation_topic (conversation_id)

CREATE INDEX introduction_reverse ON introduction (b_id)

CREATE INDEX name_word_person ON name_word (person_id)

CREATE UNIQUE INDEX occasion_birthday ON occasion (person_id) WHERE kind = 'birthday'

CREATE INDEX occasion_month_day ON occasion (substr(on_day, -5))

CREATE INDEX origin_key ON origin ("key")

CREATE INDEX origin_person ON origin (person_id)

CREATE INDEX person_group_reverse ON person_group (group_id)

CREATE INDEX person_interest_interest ON person_interest (interest_id, person_id, stance)

CREATE INDEX synced_person ON synced (person_id)

CREATE INDEX thread_conversation ON thread (conversation_id)

CREATE INDEX thread_open ON thread (due_on) WHERE heard_on IS NULL

CREATE INDEX thread_opened ON thread (opened_on) WHERE heard_on IS NULL

CREATE INDEX tie_reverse ON tie (b_id)

CREATE INDEX caught_from ON caught (from_id)

CREATE INDEX thread_person_reverse ON thread_person (thread_id)

CREATE VIEW search_source AS SELECT 1099511627776 + id AS id, coalesce(name, '') || char(10) || coalesce(handle, '') || char(10) || coalesce(met_story, '') || char(10) || coalesce(met_at, '') || char(10) || coalesce(lives, '') AS words FROM person UNION ALL SELECT 2199023255552 + id AS id, coalesce(nickname, '') AS words FROM nickname UNION ALL SELECT 3298534883328 + id AS id, coalesce(note, '') AS words FROM person_interest UNION ALL SELECT 4398046511104 + id AS id, coalesce(text, '') || char(10) || coalesce(place, '') AS words FROM conversation UNION ALL SELECT 5497558138880 + id AS id, coalesce(text, '') || char(10) || coalesce(outcome, '') AS words FROM thread UNION ALL SELECT 6597069766656 + id AS id, coalesce(label, '') AS words FROM interest UNION ALL SELECT 7696581394432 + id AS id, coalesce(text, '') AS words FROM remark

CREATE VIRTUAL TABLE search USING fts5(
    words, content='search_source', content_rowid='id',
    tokenize='unicode61 remove_diacritics 2', prefix='2 3'
)

CREATE TRIGGER person_found AFTER INSERT ON person BEGIN INSERT INTO search(rowid, words) VALUES (1099511627776 + new.id, coalesce(new.name, '') || char(10) || coalesce(new.handle, '') || char(10) || coalesce(new.met_story, '') || char(10) || coalesce(new.met_at, '') || char(10) || coalesce(new.lives, '')); END

CREATE TRIGGER person_lost AFTER DELETE ON person BEGIN INSERT INTO search(search, rowid, words) VALUES ('delete', 1099511627776 + old.id, coalesce(old.name, '') || char(10) || coalesce(old.handle, '') || char(10) || coalesce(old.met_story, '') || char(10) || coalesce(old.met_at, '') || char(10) || coalesce(old.lives, '')); END

CREATE TRIGGER person_reworded AFTER UPDATE OF id, name, handle, met_story, met_at, lives ON person BEGIN INSERT INTO search(search, rowid, words) VALUES ('delete', 1099511627776 + old.id, coalesce(old.name, '') || char(10) || coalesce(old.handle, '') || char(10) || coalesce(old.met_story, '') || char(10) || coalesce(old.met_at, '') || char(10) || coalesce(old.lives, '')); INSERT INTO search(rowid, words) VALUES (1099511627776 + new.id, coalesce(new.name, '') || char(10) || coalesce(new.handle, '') || char(10) || coalesce(new.met_story, '') || char(10) || coalesce(new.met_at, '') || char(10) || coalesce(new.lives, '')); END

CREATE TRIGGER nickname_found AFTER INSERT ON nickname BEGIN INSERT INTO search(rowid, words) VALUES (2199023255552 + new.id, coalesce(new.nickname, '')); END

CREATE TRIGGER nickname_lost AFTER DELETE ON nickname BEGIN INSERT INTO search(search, rowid, words) VALUES ('delete', 2199023255552 + old.id, coalesce(old.nickname, '')); END

CREATE TRIGGER nickname_reworded AFTER UPDATE OF id, nickname ON nickname BEGIN INSERT INTO search(search, rowid, words) VALUES ('delete', 2199023255552 + old.id, coalesce(old.nickname, '')); INSERT INTO search(rowid, words) VALUES (2199023255552 + new.id, coalesce(new.nickname, '')); END

CREATE TRIGGER person_interest_found AFTER INSERT ON person_interest BEGIN INSERT INTO search(rowid, words) VALUES (3298534883328 + new.id, coalesce(new.note, '')); END

CREATE TRIGGER person_interest_lost AFTER DELETE ON person_interest BEGIN INSERT INTO search(search, rowid, words) VALUES ('delete', 3298534883328 + old.id, coalesce(old.note, '')); END

CREATE TRIGGER person_interest_reworded AFTER UPDATE OF id, note ON person_interest BEGIN INSERT INTO search(search, rowid, words) VALUES ('delete', 3298534883328 + old.id, coalesce(old.note, '')); INSERT INTO search(rowid, words) VALUES (3298534883328 + new.id, coalesce(new.note, '')); END

CREATE TRIGGER conversation_found AFTER INSERT ON conversation BEGIN INSERT INTO search(rowid, words) VALUES (4398046511104 + new.id, coalesce(new.text, '') || char(10) || coalesce(new.place, '')); END

CREATE TRIGGER conversation_lost AFTER DELETE ON conversation BEGIN INSERT INTO search(search, rowid, words) VALUES ('delete', 4398046511104 + old.id, coalesce(old.text, '') || char(10) || coalesce(old.place, '')); END

CREATE TRIGGER conversation_reworded AFTER UPDATE OF id, text, place ON conversation BEGIN INSERT INTO search(search, rowid, words) VALUES ('delete', 4398046511104 + old.id, coalesce(old.text, '') || char(10) || coalesce(old.place, '')); INSERT INTO search(rowid, words) VALUES (4398046511104 + new.id, coalesce(new.text, '') || char(10) || coalesce(new.place, '')); END

CREATE TRIGGER thread_found AFTER INSERT ON thread BEGIN INSERT INTO search(rowid, words) VALUES (5497558138880 + new.id, coalesce(new.text, '') || char(10) || coalesce(new.outcome, '')); END

CREATE TRIGGER thread_lost AFTER DELETE ON thread BEGIN INSERT INTO search(search, rowid, words) VALUES ('delete', 5497558138880 + old.id, coalesce(old.text, '') || char(10) || coalesce(old.outcome, '')); END

CREATE TRIGGER thread_reworded AFTER UPDATE OF id, text, outcome ON thread BEGIN INSERT INTO search(search, rowid, words) VALUES ('delete', 5497558138880 + old.id, coalesce(old.text, '') || char(10) || coalesce(old.outcome, '')); INSERT INTO search(rowid, words) VALUES (5497558138880 + new.id, coalesce(new.text, '') || char(10) || coalesce(new.outcome, '')); END

CREATE TRIGGER interest_found AFTER INSERT ON interest BEGIN INSERT INTO search(rowid, words) VALUES (6597069766656 + new.id, coalesce(new.label, '')); END

CREATE TRIGGER interest_lost AFTER DELETE ON interest BEGIN INSERT INTO search(search, rowid, words) VALUES ('delete', 6597069766656 + old.id, coalesce(old.label, '')); END

CREATE TRIGGER interest_reworded AFTER UPDATE OF id, label ON interest BEGIN INSERT INTO search(search, rowid, words) VALUES ('delete', 6597069766656 + old.id, coalesce(old.label, '')); INSERT INTO search(rowid, words) VALUES (6597069766656 + new.id, coalesce(new.label, '')); END

CREATE TRIGGER remark_found AFTER INSERT ON remark BEGIN INSERT INTO search(rowid, words) VALUES (7696581394432 + new.id, coalesce(new.text, '')); END

CREATE TRIGGER remark_lost AFTER DELETE ON remark BEGIN INSERT INTO search(search, rowid, words) VALUES ('delete', 7696581394432 + old.id, coalesce(old.text, '')); END

CREATE TRIGGER remark_reworded AFTER UPDATE OF id, text ON remark BEGIN INSERT INTO search(search, rowid, words) VALUES ('delete', 7696581394432 + old.id, coalesce(old.text, '')); INSERT INTO search(rowid, words) VALUES (7696581394432 + new.id, coalesce(new.text, '')); END

CREATE TRIGGER rhythm_talked AFTER INSERT ON conversation_person BEGIN DELETE FROM rhythm WHERE person_id = new.person_id OR person_id IN (SELECT person_id FROM conversation_person WHERE conversation_id = new.conversation_id); END

CREATE TRIGGER rhythm_untalked AFTER DELETE ON conversation_person BEGIN DELETE FROM rhythm WHERE person_id = old.person_id OR person_id IN (SELECT person_id FROM conversation_person WHERE conversation_id = old.conversation_id); END

CREATE TRIGGER rhythm_retold AFTER UPDATE OF person_id, day, conversation_id ON conversation_person BEGIN DELETE FROM rhythm WHERE person_id = old.person_id OR person_id IN (SELECT person_id FROM conversation_person WHERE conversation_id = old.conversation_id); DELETE FROM rhythm WHERE person_id = new.person_id OR person_id IN (SELECT person_id FROM conversation_person WHERE conversation_id = new.conversation_id); END

CREATE TRIGGER caught_back_insert AFTER INSERT ON caught WHEN (SELECT id FROM step WHERE open = 1) IS NOT NULL BEGIN INSERT INTO change (step_id, of_table, back, keyed, image) VALUES ((SELECT id FROM step WHERE open = 1), 'caught', 'delete', json_object('link_id', new."link_id"), NULL); END

CREATE TRIGGER caught_back_update AFTER UPDATE ON caught WHEN (SELECT id FROM step WHERE open = 1) IS NOT NULL BEGIN INSERT INTO change (step_id, of_table, back, keyed, image) VALUES ((SELECT id FROM step WHERE open = 1), 'caught', 'update', json_object('link_id', new."link_id"), json_object('link_id', old."link_id", 'from_id', old."from_id")); END

CREATE TRIGGER caught_back_delete AFTER DELETE ON caught WHEN (SELECT id FROM step WHERE open = 1) IS NOT NULL BEGIN INSERT INTO change (step_id, of_table, back, keyed, image) VALUES ((SELECT id FROM step WHERE open = 1), 'caught', 'insert', NULL, json_object('link_id', old."link_id", 'from_id', old."from_id")); END

CREATE TRIGGER contact_back_insert AFTER INSERT ON contact WHEN (SELECT id FROM step WHERE open = 1) IS NOT NULL BEGIN INSERT INTO change (step_id, of_table, back, keyed, image) VALUES ((SELECT id FROM step WHERE open = 1), 'contact', 'delete', json_object('id', new."id"), NULL); END

CREATE TRIGGER contact_back_update AFTER UPDATE ON contact WHEN (SELECT id FROM step WHERE open = 1) IS NOT NULL BEGIN INSERT INTO change (step_id, of_table, back, keyed, image) VALUES ((SELECT id FROM step WHERE open = 1), 'contact', 'update', json_object('id', new."id"), json_object('id', old."id", 'person_id', old."person_id", 'kind', old."kind", 'label', old."label", 'value', old."value")); END

CREATE TRIGGER contact_back_delete AFTER DELETE ON contact WHEN (SELECT id FROM step WHERE open = 1) IS NOT NULL BEGIN INSERT INTO change (step_id, of_table, back, keyed, image) VALUES ((SELECT id FROM step WHERE open = 1), 'contact', 'insert', NULL, json_object('id', old."id", 'person_id', old."person_id", 'kind', old."kind", 'label', old."label", 'value', old."value")); END

CREATE TRIGGER conversation_back_insert AFTER INSERT ON conversation WHEN (SELECT id FROM step WHERE open = 1) IS NOT NULL BEGIN INSERT INTO change (step_id, of_table, back, keyed, image) VALUES ((SELECT id FROM step WHERE open = 1), 'conversation', 'delete', json_object('id', new."id"), NULL); END

CREATE TRIGGER conversation_back_update AFTER UPDATE ON conversation WHEN (SELECT id FROM step WHERE open = 1) IS NOT NULL BEGIN INSERT INTO change (step_id, of_table, back, keyed, image) VALUES ((SELECT id FROM step WHERE open = 1), 'conversation', 'update', json_object('id', new."id"), json_object('id', old."id", 'day', old."day", 'precision', old."precision", 'text', old."text", 'told_from', old."told_from", 'place', old."place", 'by', old."by", 'noted_at', old."noted_at")); END

CREATE TRIGGER conversation_back_delete AFTER DELETE ON conversation WHEN (SELECT id FROM step WHERE open = 1) IS NOT NULL BEGIN INSERT INTO change (step_id, of_table, back, keyed, image) VALUES ((SELECT id FROM step WHERE open = 1), 'conversation', 'insert', NULL, json_object('id', old."id", 'day', old."day", 'precision', old."precision", 'text', old."text", 'told_from', old."told_from", 'place', old."place", 'by', old."by", 'noted_at', old."noted_at")); END

CREATE TRIGGER conversation_person_back_insert AFTER INSERT ON conversation_person WHEN (SELECT id FROM step WHERE open = 1) IS NOT NULL BEGIN INSERT INTO change (step_id, of_table, back, keyed, image) VALUES ((SELECT id FROM step WHERE open = 1), 'conversation_person', 'delete', json_object('person_id', new."person_id", 'day', new."day", 'conversation_id', new."conversation_id"), NULL); END

CREATE TRIGGER conversation_person_back_update AFTER UPDATE ON conversation_person WHEN (SELECT id FROM step WHERE open = 1) IS NOT NULL BEGIN INSERT INTO change (step_id, of_table, back, keyed, image) VALUES ((SELECT id FROM step WHERE open = 1), 'conversation_person', 'update', json_object('person_id', new."person_id", 'day', new."day", 'conversation_id', new."conversation_id"), json_object('person_id', old."person_id", 'day', old."day", 'conversation_id', old."conversation_id", 'matched', old."matched")); END

CREATE TRIGGER conversation_person_back_delete AFTER DELETE ON conversation_person WHEN (SELECT id FROM step WHERE open = 1) IS NOT NULL BEGIN INSERT INTO change (step_id, of_table, back, keyed, image) VALUES ((SELECT id FROM step WHERE open = 1), 'conversation_person', 'insert', NULL, json_object('person_id', old."person_id", 'day', old."day", 'conversation_id', old."conversation_id", 'matched', old."matched")); END

CREATE TRIGGER conversation_topic_back_insert AFTER INSERT ON conversation_topic WHEN (SELECT id FROM step WHERE open = 1) IS NOT NULL BEGIN INSERT INTO change (step_id, of_table, back, keyed, image) VALUES ((SELECT id FROM step WHERE open = 1), 'conversation_topic', 'delete', json_object('interest_id', new."interest_id", 'conversation_id', new."conversation_id"), NULL); END

CREATE TRIGGER conversation_topic_back_update AFTER UPDATE ON conversation_topic WHEN (SELECT id FROM step WHERE open = 1) IS NOT NULL BEGIN INSERT INTO change (step_id, of_table, back, keyed, image) VALUES ((SELECT id FROM step WHERE open = 1), 'conversation_topic', 'update', json_object('interest_id', new."interest_id", 'conversation_id', new."conversation_id"), json_object('interest_id', old."interest_id", 'conversation_id', old."conversation_id")); END

CREATE TRIGGER conversation_topic_back_delete AFTER DELETE ON conversation_topic WHEN (SELECT id FROM step WHERE open = 1) IS NOT NULL BEGIN INSERT INTO change (step_id, of_table, back, keyed, image) VALUES ((SELECT id FROM step WHERE open = 1), 'conversation_topic', 'insert', NULL, json_object('interest_id', old."interest_id", 'conversation_id', old."conversation_id")); END

CREATE TRIGGER forgotten_back_insert AFTER INSERT ON forgotten WHEN (SELECT id FROM step WHERE open = 1) IS NOT NULL BEGIN INSERT INTO change (step_id, of_table, back, keyed, image) VALUES ((SELECT id FROM step WHERE open = 1), 'forgotten', 'delete', json_object('salt', iif(new."salt" IS NULL, NULL, json_object('hex', hex(new."salt"))), 'mark', iif(new."mark" IS NULL, NULL, json_object('hex', hex(new."mark")))), NULL); END

CREATE TRIGGER forgotten_back_update AFTER UPDATE ON forgotten WHEN (SELECT id FROM step WHERE open = 1) IS NOT NULL BEGIN INSERT INTO change (step_id, of_table, back, keyed, image) VALUES ((SELECT id FROM step WHERE open = 1), 'forgotten', 'update', json_object('salt', iif(new."salt" IS NULL, NULL, json_object('hex', hex(new."salt"))), 'mark', iif(new."mark" IS NULL, NULL, json_object('hex', hex(new."mark")))), json_object('salt', iif(old."salt" IS NULL, NULL, json_object('hex', hex(old."salt"))), 'mark', iif(old."mark" IS NULL, NULL, json_object('hex', hex(old."mark"))))); END

CREATE TRIGGER forgotten_back_delete AFTER DELETE ON forgotten WHEN (SELECT id FROM step WHERE open = 1) IS NOT NULL BEGIN INSERT INTO change (step_id, of_table, back, keyed, image) VALUES ((SELECT id FROM step WHERE open = 1), 'forgotten', 'insert', NULL, json_object('salt', iif(old."salt" IS NULL, NULL, json_object('hex', hex(old."salt"))), 'mark', iif(old."mark" IS NULL, NULL, json_object('hex', hex(old."mark"))))); END

CREATE TRIGGER interest_back_insert AFTER INSERT ON interest WHEN (SELECT id FROM step WHERE open = 1) IS NOT NULL BEGIN INSERT INTO change (step_id, of_table, back, keyed, image) VALUES ((SELECT id FROM step WHERE open = 1), 'interest', 'delete', json_object('id', new."id"), NULL); END

CREATE TRIGGER interest_back_update AFTER UPDATE ON interest WHEN (SELECT id FROM step WHERE open = 1) IS NOT NULL BEGIN INSERT INTO change (step_id, of_table, back, keyed, image) VALUES ((SELECT id FROM step WHERE open = 1), 'interest', 'update', json_object('id', new."id"), json_object('id', old."id", 'key', old."key", 'label', old."label")); END

CREATE TRIGGER interest_back_delete AFTER DELETE ON interest WHEN (SELECT id FROM step WHERE open = 1) IS NOT NULL BEGIN INSERT INTO change (step_id, of_table, back, keyed, image) VALUES ((SELECT id FROM step WHERE open = 1), 'interest', 'insert', NULL, json_object('id', old."id", 'key', old."key", 'label', old."label")); END

CREATE TRIGGER interest_broader_back_insert AFTER INSERT ON interest_broader WHEN (SELECT id FROM step WHERE open = 1) IS NOT NULL BEGIN INSERT INTO change (step_id, of_table, back, keyed, image) VALUES ((SELECT id FROM step WHERE open = 1), 'interest_broader', 'delete', json_object('narrow', new."narrow", 'broad', new."broad"), NULL); END

CREATE TRIGGER interest_broader_back_update AFTER UPDATE ON interest_broader WHEN (SELECT id FROM step WHERE open = 1) IS NOT NULL BEGIN INSERT INTO change (step_id, of_table, back, keyed, image) VALUES ((SELECT id FROM step WHERE open = 1), 'interest_broader', 'update', json_object('narrow', new."narrow", 'broad', new."broad"), json_object('narrow', old."narrow", 'broad', old."broad", 'source', old."source")); END

CREATE TRIGGER interest_broader_back_delete AFTER DELETE ON interest_broader WHEN (SELECT id FROM step WHERE open = 1) IS NOT NULL BEGIN INSERT INTO change (step_id, of_table, back, keyed, image) VALUES ((SELECT id FROM step WHERE open = 1), 'interest_broader', 'insert', NULL, json_object('narrow', old."narrow", 'broad', old."broad", 'source', old."source")); END

CREATE TRIGGER interest_name_back_insert AFTER INSERT ON interest_name WHEN (SELECT id FROM step WHERE open = 1) IS NOT NULL BEGIN INSERT INTO change (step_id, of_table, back, keyed, image) VALUES ((SELECT id FROM step WHERE open = 1), 'interest_name', 'delete', json_object('key', new."key"), NULL); END

CREATE TRIGGER interest_name_back_update AFTER UPDATE ON interest_name WHEN (SELECT id FROM step WHERE open = 1) IS NOT NULL BEGIN INSERT INTO change (step_id, of_table, back, keyed, image) VALUES ((SELECT id FROM step WHERE open = 1), 'interest_name', 'update', json_object('key', new."key"), json_object('key', old."key", 'label', old."label", 'sense', old."sense", 'source', old."source")); END

CREATE TRIGGER interest_name_back_delete AFTER DELETE ON interest_name WHEN (SELECT id FROM step WHERE open = 1) IS NOT NULL BEGIN INSERT INTO change (step_id, of_table, back, keyed, image) VALUES ((SELECT id FROM step WHERE open = 1), 'interest_name', 'insert', NULL, json_object('key', old."key", 'label', old."label", 'sense', old."sense", 'source', old."source")); END

CREATE TRIGGER introduction_back_insert AFTER INSERT ON introduction WHEN (SELECT id FROM step WHERE open = 1) IS NOT NULL BEGIN INSERT INTO change (step_id, of_table, back, keyed, image) VALUES ((SELECT id FROM step WHERE open = 1), 'introduction', 'delete', json_object('a_id', new."a_id", 'b_id', new."b_id"), NULL); END

CREATE TRIGGER introduction_back_update AFTER UPDATE ON introduction WHEN (SELECT id FROM step WHERE open = 1) IS NOT NULL BEGIN INSERT INTO change (step_id, of_table, back, keyed, image) VALUES ((SELECT id FROM step WHERE open = 1), 'introduction', 'update', json_object('a_id', new."a_id", 'b_id', new."b_id"), json_object('a_id', old."a_id", 'b_id', old."b_id", 'a_said', old."a_said", 'b_said', old."b_said", 'made_on', old."made_on")); END

CREATE TRIGGER introduction_back_delete AFTER DELETE ON introduction WHEN (SELECT id FROM step WHERE open = 1) IS NOT NULL BEGIN INSERT INTO change (step_id, of_table, back, keyed, image) VALUES ((SELECT id FROM step WHERE open = 1), 'introduction', 'insert', NULL, json_object('a_id', old."a_id", 'b_id', old."b_id", 'a_said', old."a_said", 'b_said', old."b_said", 'made_on', old."made_on")); END

CREATE TRIGGER name_word_back_insert AFTER INSERT ON name_word WHEN (SELECT id FROM step WHERE open = 1) IS NOT NULL BEGIN INSERT INTO change (step_id, of_table, back, keyed, image) VALUES ((SELECT id FROM step WHERE open = 1), 'name_word', 'delete', json_object('word', new."word", 'person_id', new."person_id"), NULL); END

CREATE TRIGGER name_word_back_update AFTER UPDATE ON name_word WHEN (SELECT id FROM step WHERE open = 1) IS NOT NULL BEGIN INSERT INTO change (step_id, of_table, back, keyed, image) VALUES ((SELECT id FROM step WHERE open = 1), 'name_word', 'update', json_object('word', new."word", 'person_id', new."person_id"), json_object('word', old."word", 'person_id', old."person_id")); END

CREATE TRIGGER name_word_back_delete AFTER DELETE ON name_word WHEN (SELECT id FROM step WHERE open = 1) IS NOT NULL BEGIN INSERT INTO change (step_id, of_table, back, keyed, image) VALUES ((SELECT id FROM step WHERE open = 1), 'name_word', 'insert', NULL, json_object('word', old."word", 'person_id', old."person_id")); END

CREATE TRIGGER nickname_back_insert AFTER INSERT ON nickname WHEN (SELECT id FROM step WHERE open = 1) IS NOT NULL BEGIN INSERT INTO change (step_id, of_table, back, keyed, image) VALUES ((SELECT id FROM step WHERE open = 1), 'nickname', 'delete', json_object('id', new."id"), NULL); END

CREATE TRIGGER nickname_back_update AFTER UPDATE ON nickname WHEN (SELECT id FROM step WHERE open = 1) IS NOT NULL BEGIN INSERT INTO change (step_id, of_table, back, keyed, image) VALUES ((SELECT id FROM step WHERE open = 1), 'nickname', 'update', json_object('id', new."id"), json_object('id', old."id", 'person_id', old."person_id", 'nickname', old."nickname")); END

CREATE TRIGGER nickname_back_delete AFTER DELETE ON nickname WHEN (SELECT id FROM step WHERE open = 1) IS NOT NULL BEGIN INSERT INTO change (step_id, of_table, back, keyed, image) VALUES ((SELECT id FROM step WHERE open = 1), 'nickname', 'insert', NULL, json_object('id', old."id", 'person_id', old."person_id", 'nickname', old."nickname")); END

CREATE TRIGGER occasion_back_insert AFTER INSERT ON occasion WHEN (SELECT id FROM step WHERE open = 1) IS NOT NULL BEGIN INSERT INTO change (step_id, of_table, back, keyed, image) VALUES ((SELECT id FROM step WHERE open = 1), 'occasion', 'delete', json_object('id', new."id"), NULL); END

CREATE TRIGGER occasion_back_update AFTER UPDATE ON occasion WHEN (SELECT id FROM step WHERE open = 1) IS NOT NULL BEGIN INSERT INTO change (step_id, of_table, back, keyed, image) VALUES ((SELECT id FROM step WHERE open = 1), 'occasion', 'update', json_object('id', new."id"), json_object('id', old."id", 'person_id', old."person_id", 'kind', old."kind", 'label', old."label", 'on_day', old."on_day")); END

CREATE TRIGGER occasion_back_delete AFTER DELETE ON occasion WHEN (SELECT id FROM step WHERE open = 1) IS NOT NULL BEGIN INSERT INTO change (step_id, of_table, back, keyed, image) VALUES ((SELECT id FROM step WHERE open = 1), 'occasion', 'insert', NULL, json_object('id', old."id", 'person_id', old."person_id", 'kind', old."kind", 'label', old."label", 'on_day', old."on_day")); END

CREATE TRIGGER origin_back_insert AFTER INSERT ON origin WHEN (SELECT id FROM step WHERE open = 1) IS NOT NULL BEGIN INSERT INTO change (step_id, of_table, back, keyed, image) VALUES ((SELECT id FROM step WHERE open = 1), 'origin', 'delete', json_object('id', new."id"), NULL); END

CREATE TRIGGER origin_back_update AFTER UPDATE ON origin WHEN (SELECT id FROM step WHERE open = 1) IS NOT NULL BEGIN INSERT INTO change (step_id, of_table, back, keyed, image) VALUES ((SELECT id FROM step WHERE open = 1), 'origin', 'update', json_object('id', new."id"), json_object('id', old."id", 'person_id', old."person_id", 'kind', old."kind", 'key', old."key", 'raw', iif(old."raw" IS NULL, NULL, json_object('hex', hex(old."raw"))))); END

CREATE TRIGGER origin_back_delete AFTER DELETE ON origin WHEN (SELECT id FROM step WHERE open = 1) IS NOT NULL BEGIN INSERT INTO change (step_id, of_table, back, keyed, image) VALUES ((SELECT id FROM step WHERE open = 1), 'origin', 'insert', NULL, json_object('id', old."id", 'person_id', old."person_id", 'kind', old."kind", 'key', old."key", 'raw', iif(old."raw" IS NULL, NULL, json_object('hex', hex(old."raw"))))); END

CREATE TRIGGER people_group_back_insert AFTER INSERT ON people_group WHEN (SELECT id FROM step WHERE open = 1) IS NOT NULL BEGIN INSERT INTO change (step_id, of_table, back, keyed, image) VALUES ((SELECT id FROM step WHERE open = 1), 'people_group', 'delete', json_object('id', new."id"), NULL); END

CREATE TRIGGER people_group_back_update AFTER UPDATE ON people_group WHEN (SELECT id FROM step WHERE open = 1) IS NOT NULL BEGIN INSERT INTO change (step_id, of_table, back, keyed, image) VALUES ((SELECT id FROM step WHERE open = 1), 'people_group', 'update', json_object('id', new."id"), json_object('id', old."id", 'key', old."key", 'label', old."label")); END

CREATE TRIGGER people_group_back_delete AFTER DELETE ON people_group WHEN (SELECT id FROM step WHERE open = 1) IS NOT NULL BEGIN INSERT INTO change (step_id, of_table, back, keyed, image) VALUES ((SELECT id FROM step WHERE open = 1), 'people_group', 'insert', NULL, json_object('id', old."id", 'key', old."key", 'label', old."label")); END

CREATE TRIGGER person_back_insert AFTER INSERT ON person WHEN (SELECT id FROM step WHERE open = 1) IS NOT NULL BEGIN INSERT INTO change (step_id, of_table, back, keyed, image) VALUES ((SELECT id FROM step WHERE open = 1), 'person', 'delete', json_object('id', new."id"), NULL); END

CREATE TRIGGER person_back_update AFTER UPDATE ON person WHEN (SELECT id FROM step WHERE open = 1) IS NOT NULL BEGIN INSERT INTO change (step_id, of_table, back, keyed, image) VALUES ((SELECT id FROM step WHERE open = 1), 'person', 'update', json_object('id', new."id"), json_object('id', old."id", 'handle', old."handle", 'name', old."name", 'is_me', old."is_me", 'met_on', old."met_on", 'met_precision', old."met_precision", 'met_at', old."met_at", 'met_story', old."met_story", 'met_through', old."met_through", 'lives', old."lives", 'circle', old."circle", 'added_on', old."added_on")); END

CREATE TRIGGER person_back_delete AFTER DELETE ON person WHEN (SELECT id FROM step WHERE open = 1) IS NOT NULL BEGIN INSERT INTO change (step_id, of_table, back, keyed, image) VALUES ((SELECT id FROM step WHERE open = 1), 'person', 'insert', NULL, json_object('id', old."id", 'handle', old."handle", 'name', old."name", 'is_me', old."is_me", 'met_on', old."met_on", 'met_precision', old."met_precision", 'met_at', old."met_at", 'met_story', old."met_story", 'met_through', old."met_through", 'lives', old."lives", 'circle', old."circle", 'added_on', old."added_on")); END

CREATE TRIGGER person_group_back_insert AFTER INSERT ON person_group WHEN (SELECT id FROM step WHERE open = 1) IS NOT NULL BEGIN INSERT INTO change (step_id, of_table, back, keyed, image) VALUES ((SELECT id FROM step WHERE open = 1), 'person_group', 'delete', json_object('person_id', new."person_id", 'group_id', new."group_id"), NULL); END

CREATE TRIGGER person_group_back_update AFTER UPDATE ON person_group WHEN (SELECT id FROM step WHERE open = 1) IS NOT NULL BEGIN INSERT INTO change (step_id, of_table, back, keyed, image) VALUES ((SELECT id FROM step WHERE open = 1), 'person_group', 'update', json_object('person_id', new."person_id", 'group_id', new."group_id"), json_object('person_id', old."person_id", 'group_id', old."group_id")); END

CREATE TRIGGER person_group_back_delete AFTER DELETE ON person_group WHEN (SELECT id FROM step WHERE open = 1) IS NOT NULL BEGIN INSERT INTO change (step_id, of_table, back, keyed, image) VALUES ((SELECT id FROM step WHERE open = 1), 'person_group', 'insert', NULL, json_object('person_id', old."person_id", 'group_id', old."group_id")); END

CREATE TRIGGER person_interest_back_insert AFTER INSERT ON person_interest WHEN (SELECT id FROM step WHERE open = 1) IS NOT NULL BEGIN INSERT INTO change (step_id, of_table, back, keyed, image) VALUES ((SELECT id FROM step WHERE open = 1), 'person_interest', 'delete', json_object('id', new."id"), NULL); END

CREATE TRIGGER person_interest_back_update AFTER UPDATE ON person_interest WHEN (SELECT id FROM step WHERE open = 1) IS NOT NULL BEGIN INSERT INTO change (step_id, of_table, back, keyed, image) VALUES ((SELECT id FROM step WHERE open = 1), 'person_interest', 'update', json_object('id', new."id"), json_object('id', old."id", 'person_id', old."person_id", 'interest_id', old."interest_id", 'stance', old."stance", 'note', old."note")); END

CREATE TRIGGER person_interest_back_delete AFTER DELETE ON person_interest WHEN (SELECT id FROM step WHERE open = 1) IS NOT NULL BEGIN INSERT INTO change (step_id, of_table, back, keyed, image) VALUES ((SELECT id FROM step WHERE open = 1), 'person_interest', 'insert', NULL, json_object('id', old."id", 'person_id', old."person_id", 'interest_id', old."interest_id", 'stance', old."stance", 'note', old."note")); END

CREATE TRIGGER remark_back_insert AFTER INSERT ON remark WHEN (SELECT id FROM step WHERE open = 1) IS NOT NULL BEGIN INSERT INTO change (step_id, of_table, back, keyed, image) VALUES ((SELECT id FROM step WHERE open = 1), 'remark', 'delete', json_object('id', new."id"), NULL); END

CREATE TRIGGER remark_back_update AFTER UPDATE ON remark WHEN (SELECT id FROM step WHERE open = 1) IS NOT NULL BEGIN INSERT INTO change (step_id, of_table, back, keyed, image) VALUES ((SELECT id FROM step WHERE open = 1), 'remark', 'update', json_object('id', new."id"), json_object('id', old."id", 'person_id', old."person_id", 'text', old."text", 'source', old."source")); END

CREATE TRIGGER remark_back_delete AFTER DELETE ON remark WHEN (SELECT id FROM step WHERE open = 1) IS NOT NULL BEGIN INSERT INTO change (step_id, of_table, back, keyed, image) VALUES ((SELECT id FROM step WHERE open = 1), 'remark', 'insert', NULL, json_object('id', old."id", 'person_id', old."person_id", 'text', old."text", 'source', old."source")); END

CREATE TRIGGER rest_back_insert AFTER INSERT ON rest WHEN (SELECT id FROM step WHERE open = 1) IS NOT NULL BEGIN INSERT INTO change (step_id, of_table, back, keyed, image) VALUES ((SELECT id FROM step WHERE open = 1), 'rest', 'delete', json_object('person_id', new."person_id"), NULL); END

CREATE TRIGGER rest_back_update AFTER UPDATE ON rest WHEN (SELECT id FROM step WHERE open = 1) IS NOT NULL BEGIN INSERT INTO change (step_id, of_table, back, keyed, image) VALUES ((SELECT id FROM step WHERE open = 1), 'rest', 'update', json_object('person_id', new."person_id"), json_object('person_id', old."person_id", 'until', old."until")); END

CREATE TRIGGER rest_back_delete AFTER DELETE ON rest WHEN (SELECT id FROM step WHERE open = 1) IS NOT NULL BEGIN INSERT INTO change (step_id, of_table, back, keyed, image) VALUES ((SELECT id FROM step WHERE open = 1), 'rest', 'insert', NULL, json_object('person_id', old."person_id", 'until', old."until")); END

CREATE TRIGGER sent_back_insert AFTER INSERT ON sent WHEN (SELECT id FROM step WHERE open = 1) IS NOT NULL BEGIN INSERT INTO change (step_id, of_table, back, keyed, image) VALUES ((SELECT id FROM step WHERE open = 1), 'sent', 'delete', json_object('id', new."id"), NULL); END

CREATE TRIGGER sent_back_update AFTER UPDATE ON sent WHEN (SELECT id FROM step WHERE open = 1) IS NOT NULL BEGIN INSERT INTO change (step_id, of_table, back, keyed, image) VALUES ((SELECT id FROM step WHERE open = 1), 'sent', 'update', json_object('id', new."id"), json_object('id', old."id", 'person_id', old."person_id", 'day', old."day", 'text', old."text")); END

CREATE TRIGGER sent_back_delete AFTER DELETE ON sent WHEN (SELECT id FROM step WHERE open = 1) IS NOT NULL BEGIN INSERT INTO change (step_id, of_table, back, keyed, image) VALUES ((SELECT id FROM step WHERE open = 1), 'sent', 'insert', NULL, json_object('id', old."id", 'person_id', old."person_id", 'day', old."day", 'text', old."text")); END

CREATE TRIGGER showing_back_insert AFTER INSERT ON showing WHEN (SELECT id FROM step WHERE open = 1) IS NOT NULL BEGIN INSERT INTO change (step_id, of_table, back, keyed, image) VALUES ((SELECT id FROM step WHERE open = 1), 'showing', 'delete', json_object('person_id', new."person_id", 'day', new."day"), NULL); END

CREATE TRIGGER showing_back_update AFTER UPDATE ON showing WHEN (SELECT id FROM step WHERE open = 1) IS NOT NULL BEGIN INSERT INTO change (step_id, of_table, back, keyed, image) VALUES ((SELECT id FROM step WHERE open = 1), 'showing', 'update', json_object('person_id', new."person_id", 'day', new."day"), json_object('person_id', old."person_id", 'day', old."day", 'question', old."question")); END

CREATE TRIGGER showing_back_delete AFTER DELETE ON showing WHEN (SELECT id FROM step WHERE open = 1) IS NOT NULL BEGIN INSERT INTO change (step_id, of_table, back, keyed, image) VALUES ((SELECT id FROM step WHERE open = 1), 'showing', 'insert', NULL, json_object('person_id', old."person_id", 'day', old."day", 'question', old."question")); END

CREATE TRIGGER synced_back_insert AFTER INSERT ON synced WHEN (SELECT id FROM step WHERE open = 1) IS NOT NULL BEGIN INSERT INTO change (step_id, of_table, back, keyed, image) VALUES ((SELECT id FROM step WHERE open = 1), 'synced', 'delete', json_object('folder', new."folder", 'file', new."file"), NULL); END

CREATE TRIGGER synced_back_update AFTER UPDATE ON synced WHEN (SELECT id FROM step WHERE open = 1) IS NOT NULL BEGIN INSERT INTO change (step_id, of_table, back, keyed, image) VALUES ((SELECT id FROM step WHERE open = 1), 'synced', 'update', json_object('folder', new."folder", 'file', new."file"), json_object('folder', old."folder", 'file', old."file", 'person_id', old."person_id", 'uid', old."uid", 'digest', old."digest", 'base', iif(old."base" IS NULL, NULL, json_object('hex', hex(old."base"))))); END

CREATE TRIGGER synced_back_delete AFTER DELETE ON synced WHEN (SELECT id FROM step WHERE open = 1) IS NOT NULL BEGIN INSERT INTO change (step_id, of_table, back, keyed, image) VALUES ((SELECT id FROM step WHERE open = 1), 'synced', 'insert', NULL, json_object('folder', old."folder", 'file', old."file", 'person_id', old."person_id", 'uid', old."uid", 'digest', old."digest", 'base', iif(old."base" IS NULL, NULL, json_object('hex', hex(old."base"))))); END

CREATE TRIGGER thread_back_insert AFTER INSERT ON thread WHEN (SELECT id FROM step WHERE open = 1) IS NOT NULL BEGIN INSERT INTO change (step_id, of_table, back, keyed, image) VALUES ((SELECT id FROM step WHERE open = 1), 'thread', 'delete', json_object('id', new."id"), NULL); END

CREATE TRIGGER thread_back_update AFTER UPDATE ON thread WHEN (SELECT id FROM step WHERE open = 1) IS NOT NULL BEGIN INSERT INTO change (step_id, of_table, back, keyed, image) VALUES ((SELECT id FROM step WHERE open = 1), 'thread', 'update', json_object('id', new."id"), json_object('id', old."id", 'text', old."text", 'opened_on', old."opened_on", 'due_on', old."due_on", 'heard_on', old."heard_on", 'outcome', old."outcome", 'conversation_id', old."conversation_id")); END

CREATE TRIGGER thread_back_delete AFTER DELETE ON thread WHEN (SELECT id FROM step WHERE open = 1) IS NOT NULL BEGIN INSERT INTO change (step_id, of_table, back, keyed, image) VALUES ((SELECT id FROM step WHERE open = 1), 'thread', 'insert', NULL, json_object('id', old."id", 'text', old."text", 'opened_on', old."opened_on", 'due_on', old."due_on", 'heard_on', old."heard_on", 'outcome', old."outcome", 'conversation_id', old."conversation_id")); END

CREATE TRIGGER thread_person_back_insert AFTER INSERT ON thread_person WHEN (SELECT id FROM step WHERE open = 1) IS NOT NULL BEGIN INSERT INTO change (step_id, of_table, back, keyed, image) VALUES ((SELECT id FROM step WHERE open = 1), 'thread_person', 'delete', json_object('person_id', new."person_id", 'thread_id', new."thread_id"), NULL); END

CREATE TRIGGER thread_person_back_update AFTER UPDATE ON thread_person WHEN (SELECT id FROM step WHERE open = 1) IS NOT NULL BEGIN INSERT INTO change (step_id, of_table, back, keyed, image) VALUES ((SELECT id FROM step WHERE open = 1), 'thread_person', 'update', json_object('person_id', new."person_id", 'thread_id', new."thread_id"), json_object('person_id', old."person_id", 'thread_id', old."thread_id")); END

CREATE TRIGGER thread_person_back_delete AFTER DELETE ON thread_person WHEN (SELECT id FROM step WHERE open = 1) IS NOT NULL BEGIN INSERT INTO change (step_id, of_table, back, keyed, image) VALUES ((SELECT id FROM step WHERE open = 1), 'thread_person', 'insert', NULL, json_object('person_id', old."person_id", 'thread_id', old."thread_id")); END

CREATE TRIGGER tie_back_insert AFTER INSERT ON tie WHEN (SELECT id FROM step WHERE open = 1) IS NOT NULL BEGIN INSERT INTO change (step_id, of_table, back, keyed, image) VALUES ((SELECT id FROM step WHERE open = 1), 'tie', 'delete', json_object('id', new."id"), NULL); END

CREATE TRIGGER tie_back_update AFTER UPDATE ON tie WHEN (SELECT id FROM step WHERE open = 1) IS NOT NULL BEGIN INSERT INTO change (step_id, of_table, back, keyed, image) VALUES ((SELECT id FROM step WHERE open = 1), 'tie', 'update', json_object('id', new."id"), json_object('id', old."id", 'a_id', old."a_id", 'b_id', old."b_id", 'word', old."word")); END

CREATE TRIGGER tie_back_delete AFTER DELETE ON tie WHEN (SELECT id FROM step WHERE open = 1) IS NOT NULL BEGIN INSERT INTO change (step_id, of_table, back, keyed, image) VALUES ((SELECT id FROM step WHERE open = 1), 'tie', 'insert', NULL, json_object('id', old."id", 'a_id', old."a_id", 'b_id', old."b_id", 'word', old."word")); END

CREATE TRIGGER uid_back_insert AFTER INSERT ON uid WHEN (SELECT id FROM step WHERE open = 1) IS NOT NULL BEGIN INSERT INTO change (step_id, of_table, back, keyed, image) VALUES ((SELECT id FROM step WHERE open = 1), 'uid', 'delete', json_object('person_id', new."person_id"), NULL); END

CREATE TRIGGER uid_back_update AFTER UPDATE ON uid WHEN (SELECT id FROM step WHERE open = 1) IS NOT NULL BEGIN INSERT INTO change (step_id, of_table, back, keyed, image) VALUES ((SELECT id FROM step WHERE open = 1), 'uid', 'update', json_object('person_id', new."person_id"), json_object('person_id', old."person_id", 'uid', old."uid")); END

CREATE TRIGGER uid_back_delete AFTER DELETE ON uid WHEN (SELECT id FROM step WHERE open = 1) IS NOT NULL BEGIN INSERT INTO change (step_id, of_table, back, keyed, image) VALUES ((SELECT id FROM step WHERE open = 1), 'uid', 'insert', NULL, json_object('person_id', old."person_id", 'uid', old."uid")); END

CREATE TRIGGER vocabulary_word_back_insert AFTER INSERT ON vocabulary_word WHEN (SELECT id FROM step WHERE open = 1) IS NOT NULL BEGIN INSERT INTO change (step_id, of_table, back, keyed, image) VALUES ((SELECT id FROM step WHERE open = 1), 'vocabulary_word', 'delete', json_object('id', new."id"), NULL); END

CREATE TRIGGER vocabulary_word_back_update AFTER UPDATE ON vocabulary_word WHEN (SELECT id FROM step WHERE open = 1) IS NOT NULL BEGIN INSERT INTO change (step_id, of_table, back, keyed, image) VALUES ((SELECT id FROM step WHERE open = 1), 'vocabulary_word', 'update', json_object('id', new."id"), json_object('id', old."id", 'saying', old."saying", 'a_key', old."a_key", 'a_label', old."a_label", 'b_key', old."b_key", 'b_label', old."b_label", 'said_on', old."said_on")); END

CREATE TRIGGER vocabulary_word_back_delete AFTER DELETE ON vocabulary_word WHEN (SELECT id FROM step WHERE open = 1) IS NOT NULL BEGIN INSERT INTO change (step_id, of_table, back, keyed, image) VALUES ((SELECT id FROM step WHERE open = 1), 'vocabulary_word', 'insert', NULL, json_object('id', old."id", 'saying', old."saying", 'a_key', old."a_key", 'a_label', old."a_label", 'b_key', old."b_key", 'b_label', old."b_label", 'said_on', old."said_on")); END
