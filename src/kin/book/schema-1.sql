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
	CONSTRAINT source_is_known CHECK (source IN ('shipped', 'own'))
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
	CONSTRAINT source_is_known CHECK (source IN ('typed', 'shipped'))
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

CREATE TABLE note (
	id INTEGER NOT NULL,
	day TEXT NOT NULL,
	precision TEXT NOT NULL,
	text TEXT NOT NULL,
	text_from INTEGER NOT NULL,
	place TEXT,
	"by" TEXT,
	noted_at TEXT NOT NULL,
	PRIMARY KEY (id),
	UNIQUE (id, day),
	CONSTRAINT text_from_is_not_negative CHECK (text_from >= 0),
	CONSTRAINT text_not_empty CHECK (length(text) > 0),
	CONSTRAINT day_is_a_day CHECK (day IS date(day, '+0 days') AND day >= '0001-01-01'),
	CONSTRAINT precision_is_known CHECK (precision IN ('day', 'week', 'month', 'year')),
	CONSTRAINT by_is_known CHECK (by IN ('visit', 'call', 'video', 'message', 'letter')),
	CONSTRAINT place_is_short CHECK (length(place) <= 200)
)
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
	CONSTRAINT circle_is_known CHECK (circle IN ('inner', 'close', 'friend', 'wide')),
	CONSTRAINT met_precision_is_known CHECK (met_precision IN ('day', 'week', 'month', 'year')),
	CONSTRAINT met_on_is_a_day CHECK (met_on IS date(met_on, '+0 days') AND met_on >= '0001-01-01'),
	CONSTRAINT added_on_is_a_day CHECK (added_on IS date(added_on, '+0 days') AND added_on >= '0001-01-01'),
	UNIQUE (handle),
	FOREIGN KEY(met_through) REFERENCES person (id) ON DELETE SET NULL
)
 STRICT

CREATE TABLE step (
	id INTEGER NOT NULL,
	day TEXT NOT NULL,
	label TEXT NOT NULL,
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

CREATE TABLE vocabulary_rule (
	id INTEGER NOT NULL,
	relation TEXT NOT NULL,
	a_key TEXT NOT NULL,
	a_label TEXT NOT NULL,
	b_key TEXT NOT NULL,
	b_label TEXT NOT NULL,
	added_on TEXT NOT NULL,
	PRIMARY KEY (id),
	UNIQUE (a_key, b_key),
	CONSTRAINT rule_needs_two CHECK (a_key <> b_key),
	CONSTRAINT relation_is_known CHECK (relation IN ('same', 'under', 'apart')),
	CONSTRAINT added_on_is_a_day CHECK (added_on IS date(added_on, '+0 days') AND added_on >= '0001-01-01')
)
 STRICT

CREATE TABLE change (
	id INTEGER NOT NULL,
	step_id INTEGER NOT NULL,
	table_name TEXT NOT NULL,
	action TEXT NOT NULL,
	key_values TEXT,
	image TEXT,
	PRIMARY KEY (id),
	CONSTRAINT action_is_known CHECK (action IN ('insert', 'update', 'delete')),
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
	CONSTRAINT kind_is_known CHECK (kind IN ('email', 'phone', 'link')),
	CONSTRAINT value_not_empty CHECK (length(value) > 0),
	CONSTRAINT value_is_short CHECK (length(value) <= 2000),
	CONSTRAINT label_is_short CHECK (length(label) <= 200),
	FOREIGN KEY(person_id) REFERENCES person (id) ON DELETE CASCADE
)
 STRICT

CREATE TABLE fact (
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

CREATE TABLE introduction (
	a_id INTEGER NOT NULL,
	b_id INTEGER NOT NULL,
	a_answer TEXT,
	b_answer TEXT,
	made_on TEXT,
	PRIMARY KEY (a_id, b_id),
	CONSTRAINT pair_in_order CHECK (a_id < b_id),
	CONSTRAINT a_answer_is_known CHECK (a_answer IN ('yes', 'no')),
	CONSTRAINT b_answer_is_known CHECK (b_answer IN ('yes', 'no')),
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

CREATE TABLE note_interest (
	interest_id INTEGER NOT NULL,
	note_id INTEGER NOT NULL,
	PRIMARY KEY (interest_id, note_id),
	FOREIGN KEY(interest_id) REFERENCES interest (id) ON DELETE CASCADE,
	FOREIGN KEY(note_id) REFERENCES note (id) ON DELETE CASCADE
)
 WITHOUT ROWID,
 STRICT

CREATE TABLE note_person (
	person_id INTEGER NOT NULL,
	day TEXT NOT NULL,
	note_id INTEGER NOT NULL,
	matched TEXT NOT NULL,
	PRIMARY KEY (person_id, day, note_id),
	FOREIGN KEY(note_id, day) REFERENCES note (id, day) ON DELETE CASCADE ON UPDATE CASCADE,
	FOREIGN KEY(person_id) REFERENCES person (id) ON DELETE CASCADE
)
 WITHOUT ROWID,
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
	CONSTRAINT stance_is_known CHECK (stance IN ('into', 'differ')),
	FOREIGN KEY(person_id) REFERENCES person (id) ON DELETE CASCADE,
	FOREIGN KEY(interest_id) REFERENCES interest (id) ON DELETE CASCADE
)
 STRICT

CREATE TABLE question (
	id INTEGER NOT NULL,
	text TEXT NOT NULL,
	opened_on TEXT NOT NULL,
	on_day TEXT,
	answered_on TEXT,
	answer TEXT,
	note_id INTEGER,
	PRIMARY KEY (id),
	CONSTRAINT text_not_empty CHECK (length(text) > 0),
	CONSTRAINT text_is_short CHECK (length(text) <= 2000),
	CONSTRAINT opened_on_is_a_day CHECK (opened_on IS date(opened_on, '+0 days') AND opened_on >= '0001-01-01'),
	CONSTRAINT on_day_is_a_day CHECK (on_day IS date(on_day, '+0 days') AND on_day >= '0001-01-01'),
	CONSTRAINT answered_on_is_a_day CHECK (answered_on IS date(answered_on, '+0 days') AND answered_on >= '0001-01-01'),
	FOREIGN KEY(note_id) REFERENCES note (id) ON DELETE SET NULL
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
	opener TEXT,
	PRIMARY KEY (person_id, day),
	CONSTRAINT day_is_a_day CHECK (day IS date(day, '+0 days') AND day >= '0001-01-01'),
	FOREIGN KEY(person_id) REFERENCES person (id) ON DELETE CASCADE
)
 WITHOUT ROWID,
 STRICT

CREATE TABLE snooze (
	person_id INTEGER NOT NULL,
	until TEXT,
	PRIMARY KEY (person_id),
	CONSTRAINT until_is_a_day CHECK (until IS date(until, '+0 days') AND until >= '0001-01-01'),
	FOREIGN KEY(person_id) REFERENCES person (id) ON DELETE CASCADE
)
 STRICT

CREATE TABLE synced_card (
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

CREATE TABLE yearly_date (
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

CREATE TABLE interest_source (
	link_id INTEGER NOT NULL,
	from_id INTEGER NOT NULL,
	PRIMARY KEY (link_id),
	FOREIGN KEY(link_id) REFERENCES person_interest (id) ON DELETE CASCADE,
	FOREIGN KEY(from_id) REFERENCES person (id) ON DELETE CASCADE
)
 STRICT

CREATE TABLE question_person (
	person_id INTEGER NOT NULL,
	question_id INTEGER NOT NULL,
	PRIMARY KEY (person_id, question_id),
	FOREIGN KEY(person_id) REFERENCES person (id) ON DELETE CASCADE,
	FOREIGN KEY(question_id) REFERENCES question (id) ON DELETE CASCADE
)
 WITHOUT ROWID,
 STRICT

CREATE INDEX interest_broader_reverse ON interest_broader (broad, narrow)

CREATE INDEX interest_name_sense ON interest_name (sense)

CREATE INDEX note_day ON note (day, id)

CREATE INDEX note_place ON note (place) WHERE place IS NOT NULL

CREATE UNIQUE INDEX person_is_me ON person (is_me) WHERE is_me = 1

CREATE INDEX person_met_through ON person (met_through)

CREATE UNIQUE INDEX step_open ON step (open) WHERE open = 1

CREATE INDEX step_undone ON step (undone, id)

CREATE INDEX change_step ON change (step_id, id)

CREATE INDEX introduction_reverse ON introduction (b_id)

CREATE INDEX name_word_person ON name_word (person_id)

CREATE INDEX note_interest_reverse ON note_interest (note_id)

CREATE UNIQUE INDEX note_person_reverse ON note_person (note_id, person_id)

CREATE INDEX origin_key ON origin ("key")

CREATE INDEX origin_person ON origin (person_id)

CREATE INDEX person_group_reverse ON person_group (group_id)

CREATE INDEX person_interest_interest ON person_interest (interest_id, person_id, stance)

CREATE INDEX question_note ON question (note_id)

CREATE INDEX question_open ON question (on_day) WHERE answered_on IS NULL

CREATE INDEX question_opened ON question (opened_on) WHERE answered_on IS NULL

CREATE INDEX synced_card_person ON synced_card (person_id)

CREATE INDEX tie_reverse ON tie (b_id)

CREATE UNIQUE INDEX yearly_date_birthday ON yearly_date (person_id) WHERE kind = 'birthday'

CREATE INDEX yearly_date_month_day ON yearly_date (substr(on_day, -5))

CREATE INDEX interest_source_from ON interest_source (from_id)

CREATE INDEX question_person_reverse ON question_person (question_id)

CREATE VIEW search_source AS SELECT 1099511627776 + id AS id, coalesce(name, '') || char(10) || coalesce(handle, '') || char(10) || coalesce(met_story, '') || char(10) || coalesce(met_at, '') || char(10) || coalesce(lives, '') AS words FROM person UNION ALL SELECT 2199023255552 + id AS id, coalesce(nickname, '') AS words FROM nickname UNION ALL SELECT 3298534883328 + id AS id, coalesce(note, '') AS words FROM person_interest UNION ALL SELECT 4398046511104 + id AS id, coalesce(text, '') || char(10) || coalesce(place, '') AS words FROM note UNION ALL SELECT 5497558138880 + id AS id, coalesce(text, '') || char(10) || coalesce(answer, '') AS words FROM question UNION ALL SELECT 6597069766656 + id AS id, coalesce(label, '') AS words FROM interest UNION ALL SELECT 7696581394432 + id AS id, coalesce(text, '') AS words FROM fact

CREATE VIRTUAL TABLE search USING fts5(
    words, content='search_source', content_rowid='id',
    tokenize='unicode61 remove_diacritics 2', prefix='2 3'
)

CREATE TRIGGER person_search_insert AFTER INSERT ON person BEGIN INSERT INTO search(rowid, words) VALUES (1099511627776 + new.id, coalesce(new.name, '') || char(10) || coalesce(new.handle, '') || char(10) || coalesce(new.met_story, '') || char(10) || coalesce(new.met_at, '') || char(10) || coalesce(new.lives, '')); END

CREATE TRIGGER person_search_delete AFTER DELETE ON person BEGIN INSERT INTO search(search, rowid, words) VALUES ('delete', 1099511627776 + old.id, coalesce(old.name, '') || char(10) || coalesce(old.handle, '') || char(10) || coalesce(old.met_story, '') || char(10) || coalesce(old.met_at, '') || char(10) || coalesce(old.lives, '')); END

CREATE TRIGGER person_search_update AFTER UPDATE OF id, name, handle, met_story, met_at, lives ON person BEGIN INSERT INTO search(search, rowid, words) VALUES ('delete', 1099511627776 + old.id, coalesce(old.name, '') || char(10) || coalesce(old.handle, '') || char(10) || coalesce(old.met_story, '') || char(10) || coalesce(old.met_at, '') || char(10) || coalesce(old.lives, '')); INSERT INTO search(rowid, words) VALUES (1099511627776 + new.id, coalesce(new.name, '') || char(10) || coalesce(new.handle, '') || char(10) || coalesce(new.met_story, '') || char(10) || coalesce(new.met_at, '') || char(10) || coalesce(new.lives, '')); END

CREATE TRIGGER nickname_search_insert AFTER INSERT ON nickname BEGIN INSERT INTO search(rowid, words) VALUES (2199023255552 + new.id, coalesce(new.nickname, '')); END

CREATE TRIGGER nickname_search_delete AFTER DELETE ON nickname BEGIN INSERT INTO search(search, rowid, words) VALUES ('delete', 2199023255552 + old.id, coalesce(old.nickname, '')); END

CREATE TRIGGER nickname_search_update AFTER UPDATE OF id, nickname ON nickname BEGIN INSERT INTO search(search, rowid, words) VALUES ('delete', 2199023255552 + old.id, coalesce(old.nickname, '')); INSERT INTO search(rowid, words) VALUES (2199023255552 + new.id, coalesce(new.nickname, '')); END

CREATE TRIGGER person_interest_search_insert AFTER INSERT ON person_interest BEGIN INSERT INTO search(rowid, words) VALUES (3298534883328 + new.id, coalesce(new.note, '')); END

CREATE TRIGGER person_interest_search_delete AFTER DELETE ON person_interest BEGIN INSERT INTO search(search, rowid, words) VALUES ('delete', 3298534883328 + old.id, coalesce(old.note, '')); END

CREATE TRIGGER person_interest_search_update AFTER UPDATE OF id, note ON person_interest BEGIN INSERT INTO search(search, rowid, words) VALUES ('delete', 3298534883328 + old.id, coalesce(old.note, '')); INSERT INTO search(rowid, words) VALUES (3298534883328 + new.id, coalesce(new.note, '')); END

CREATE TRIGGER note_search_insert AFTER INSERT ON note BEGIN INSERT INTO search(rowid, words) VALUES (4398046511104 + new.id, coalesce(new.text, '') || char(10) || coalesce(new.place, '')); END

CREATE TRIGGER note_search_delete AFTER DELETE ON note BEGIN INSERT INTO search(search, rowid, words) VALUES ('delete', 4398046511104 + old.id, coalesce(old.text, '') || char(10) || coalesce(old.place, '')); END

CREATE TRIGGER note_search_update AFTER UPDATE OF id, text, place ON note BEGIN INSERT INTO search(search, rowid, words) VALUES ('delete', 4398046511104 + old.id, coalesce(old.text, '') || char(10) || coalesce(old.place, '')); INSERT INTO search(rowid, words) VALUES (4398046511104 + new.id, coalesce(new.text, '') || char(10) || coalesce(new.place, '')); END

CREATE TRIGGER question_search_insert AFTER INSERT ON question BEGIN INSERT INTO search(rowid, words) VALUES (5497558138880 + new.id, coalesce(new.text, '') || char(10) || coalesce(new.answer, '')); END

CREATE TRIGGER question_search_delete AFTER DELETE ON question BEGIN INSERT INTO search(search, rowid, words) VALUES ('delete', 5497558138880 + old.id, coalesce(old.text, '') || char(10) || coalesce(old.answer, '')); END

CREATE TRIGGER question_search_update AFTER UPDATE OF id, text, answer ON question BEGIN INSERT INTO search(search, rowid, words) VALUES ('delete', 5497558138880 + old.id, coalesce(old.text, '') || char(10) || coalesce(old.answer, '')); INSERT INTO search(rowid, words) VALUES (5497558138880 + new.id, coalesce(new.text, '') || char(10) || coalesce(new.answer, '')); END

CREATE TRIGGER interest_search_insert AFTER INSERT ON interest BEGIN INSERT INTO search(rowid, words) VALUES (6597069766656 + new.id, coalesce(new.label, '')); END

CREATE TRIGGER interest_search_delete AFTER DELETE ON interest BEGIN INSERT INTO search(search, rowid, words) VALUES ('delete', 6597069766656 + old.id, coalesce(old.label, '')); END

CREATE TRIGGER interest_search_update AFTER UPDATE OF id, label ON interest BEGIN INSERT INTO search(search, rowid, words) VALUES ('delete', 6597069766656 + old.id, coalesce(old.label, '')); INSERT INTO search(rowid, words) VALUES (6597069766656 + new.id, coalesce(new.label, '')); END

CREATE TRIGGER fact_search_insert AFTER INSERT ON fact BEGIN INSERT INTO search(rowid, words) VALUES (7696581394432 + new.id, coalesce(new.text, '')); END

CREATE TRIGGER fact_search_delete AFTER DELETE ON fact BEGIN INSERT INTO search(search, rowid, words) VALUES ('delete', 7696581394432 + old.id, coalesce(old.text, '')); END

CREATE TRIGGER fact_search_update AFTER UPDATE OF id, text ON fact BEGIN INSERT INTO search(search, rowid, words) VALUES ('delete', 7696581394432 + old.id, coalesce(old.text, '')); INSERT INTO search(rowid, words) VALUES (7696581394432 + new.id, coalesce(new.text, '')); END

CREATE TRIGGER rhythm_person_added AFTER INSERT ON note_person BEGIN DELETE FROM rhythm WHERE person_id = new.person_id OR person_id IN (SELECT person_id FROM note_person WHERE note_id = new.note_id); END

CREATE TRIGGER rhythm_person_removed AFTER DELETE ON note_person BEGIN DELETE FROM rhythm WHERE person_id = old.person_id OR person_id IN (SELECT person_id FROM note_person WHERE note_id = old.note_id); END

CREATE TRIGGER rhythm_person_changed AFTER UPDATE OF person_id, day, note_id ON note_person BEGIN DELETE FROM rhythm WHERE person_id = old.person_id OR person_id IN (SELECT person_id FROM note_person WHERE note_id = old.note_id); DELETE FROM rhythm WHERE person_id = new.person_id OR person_id IN (SELECT person_id FROM note_person WHERE note_id = new.note_id); END

CREATE TRIGGER contact_undo_insert AFTER INSERT ON contact WHEN (SELECT id FROM step WHERE open = 1) IS NOT NULL BEGIN INSERT INTO change (step_id, table_name, action, key_values, image) VALUES ((SELECT id FROM step WHERE open = 1), 'contact', 'delete', json_object('id', new."id"), NULL); END

CREATE TRIGGER contact_undo_update AFTER UPDATE ON contact WHEN (SELECT id FROM step WHERE open = 1) IS NOT NULL BEGIN INSERT INTO change (step_id, table_name, action, key_values, image) VALUES ((SELECT id FROM step WHERE open = 1), 'contact', 'update', json_object('id', new."id"), json_object('id', old."id", 'person_id', old."person_id", 'kind', old."kind", 'label', old."label", 'value', old."value")); END

CREATE TRIGGER contact_undo_delete AFTER DELETE ON contact WHEN (SELECT id FROM step WHERE open = 1) IS NOT NULL BEGIN INSERT INTO change (step_id, table_name, action, key_values, image) VALUES ((SELECT id FROM step WHERE open = 1), 'contact', 'insert', NULL, json_object('id', old."id", 'person_id', old."person_id", 'kind', old."kind", 'label', old."label", 'value', old."value")); END

CREATE TRIGGER fact_undo_insert AFTER INSERT ON fact WHEN (SELECT id FROM step WHERE open = 1) IS NOT NULL BEGIN INSERT INTO change (step_id, table_name, action, key_values, image) VALUES ((SELECT id FROM step WHERE open = 1), 'fact', 'delete', json_object('id', new."id"), NULL); END

CREATE TRIGGER fact_undo_update AFTER UPDATE ON fact WHEN (SELECT id FROM step WHERE open = 1) IS NOT NULL BEGIN INSERT INTO change (step_id, table_name, action, key_values, image) VALUES ((SELECT id FROM step WHERE open = 1), 'fact', 'update', json_object('id', new."id"), json_object('id', old."id", 'person_id', old."person_id", 'text', old."text", 'source', old."source")); END

CREATE TRIGGER fact_undo_delete AFTER DELETE ON fact WHEN (SELECT id FROM step WHERE open = 1) IS NOT NULL BEGIN INSERT INTO change (step_id, table_name, action, key_values, image) VALUES ((SELECT id FROM step WHERE open = 1), 'fact', 'insert', NULL, json_object('id', old."id", 'person_id', old."person_id", 'text', old."text", 'source', old."source")); END

CREATE TRIGGER forgotten_undo_insert AFTER INSERT ON forgotten WHEN (SELECT id FROM step WHERE open = 1) IS NOT NULL BEGIN INSERT INTO change (step_id, table_name, action, key_values, image) VALUES ((SELECT id FROM step WHERE open = 1), 'forgotten', 'delete', json_object('salt', iif(new."salt" IS NULL, NULL, json_object('hex', hex(new."salt"))), 'mark', iif(new."mark" IS NULL, NULL, json_object('hex', hex(new."mark")))), NULL); END

CREATE TRIGGER forgotten_undo_update AFTER UPDATE ON forgotten WHEN (SELECT id FROM step WHERE open = 1) IS NOT NULL BEGIN INSERT INTO change (step_id, table_name, action, key_values, image) VALUES ((SELECT id FROM step WHERE open = 1), 'forgotten', 'update', json_object('salt', iif(new."salt" IS NULL, NULL, json_object('hex', hex(new."salt"))), 'mark', iif(new."mark" IS NULL, NULL, json_object('hex', hex(new."mark")))), json_object('salt', iif(old."salt" IS NULL, NULL, json_object('hex', hex(old."salt"))), 'mark', iif(old."mark" IS NULL, NULL, json_object('hex', hex(old."mark"))))); END

CREATE TRIGGER forgotten_undo_delete AFTER DELETE ON forgotten WHEN (SELECT id FROM step WHERE open = 1) IS NOT NULL BEGIN INSERT INTO change (step_id, table_name, action, key_values, image) VALUES ((SELECT id FROM step WHERE open = 1), 'forgotten', 'insert', NULL, json_object('salt', iif(old."salt" IS NULL, NULL, json_object('hex', hex(old."salt"))), 'mark', iif(old."mark" IS NULL, NULL, json_object('hex', hex(old."mark"))))); END

CREATE TRIGGER interest_undo_insert AFTER INSERT ON interest WHEN (SELECT id FROM step WHERE open = 1) IS NOT NULL BEGIN INSERT INTO change (step_id, table_name, action, key_values, image) VALUES ((SELECT id FROM step WHERE open = 1), 'interest', 'delete', json_object('id', new."id"), NULL); END

CREATE TRIGGER interest_undo_update AFTER UPDATE ON interest WHEN (SELECT id FROM step WHERE open = 1) IS NOT NULL BEGIN INSERT INTO change (step_id, table_name, action, key_values, image) VALUES ((SELECT id FROM step WHERE open = 1), 'interest', 'update', json_object('id', new."id"), json_object('id', old."id", 'key', old."key", 'label', old."label")); END

CREATE TRIGGER interest_undo_delete AFTER DELETE ON interest WHEN (SELECT id FROM step WHERE open = 1) IS NOT NULL BEGIN INSERT INTO change (step_id, table_name, action, key_values, image) VALUES ((SELECT id FROM step WHERE open = 1), 'interest', 'insert', NULL, json_object('id', old."id", 'key', old."key", 'label', old."label")); END

CREATE TRIGGER interest_broader_undo_insert AFTER INSERT ON interest_broader WHEN (SELECT id FROM step WHERE open = 1) IS NOT NULL BEGIN INSERT INTO change (step_id, table_name, action, key_values, image) VALUES ((SELECT id FROM step WHERE open = 1), 'interest_broader', 'delete', json_object('narrow', new."narrow", 'broad', new."broad"), NULL); END

CREATE TRIGGER interest_broader_undo_update AFTER UPDATE ON interest_broader WHEN (SELECT id FROM step WHERE open = 1) IS NOT NULL BEGIN INSERT INTO change (step_id, table_name, action, key_values, image) VALUES ((SELECT id FROM step WHERE open = 1), 'interest_broader', 'update', json_object('narrow', new."narrow", 'broad', new."broad"), json_object('narrow', old."narrow", 'broad', old."broad", 'source', old."source")); END

CREATE TRIGGER interest_broader_undo_delete AFTER DELETE ON interest_broader WHEN (SELECT id FROM step WHERE open = 1) IS NOT NULL BEGIN INSERT INTO change (step_id, table_name, action, key_values, image) VALUES ((SELECT id FROM step WHERE open = 1), 'interest_broader', 'insert', NULL, json_object('narrow', old."narrow", 'broad', old."broad", 'source', old."source")); END

CREATE TRIGGER interest_name_undo_insert AFTER INSERT ON interest_name WHEN (SELECT id FROM step WHERE open = 1) IS NOT NULL BEGIN INSERT INTO change (step_id, table_name, action, key_values, image) VALUES ((SELECT id FROM step WHERE open = 1), 'interest_name', 'delete', json_object('key', new."key"), NULL); END

CREATE TRIGGER interest_name_undo_update AFTER UPDATE ON interest_name WHEN (SELECT id FROM step WHERE open = 1) IS NOT NULL BEGIN INSERT INTO change (step_id, table_name, action, key_values, image) VALUES ((SELECT id FROM step WHERE open = 1), 'interest_name', 'update', json_object('key', new."key"), json_object('key', old."key", 'label', old."label", 'sense', old."sense", 'source', old."source")); END

CREATE TRIGGER interest_name_undo_delete AFTER DELETE ON interest_name WHEN (SELECT id FROM step WHERE open = 1) IS NOT NULL BEGIN INSERT INTO change (step_id, table_name, action, key_values, image) VALUES ((SELECT id FROM step WHERE open = 1), 'interest_name', 'insert', NULL, json_object('key', old."key", 'label', old."label", 'sense', old."sense", 'source', old."source")); END

CREATE TRIGGER interest_source_undo_insert AFTER INSERT ON interest_source WHEN (SELECT id FROM step WHERE open = 1) IS NOT NULL BEGIN INSERT INTO change (step_id, table_name, action, key_values, image) VALUES ((SELECT id FROM step WHERE open = 1), 'interest_source', 'delete', json_object('link_id', new."link_id"), NULL); END

CREATE TRIGGER interest_source_undo_update AFTER UPDATE ON interest_source WHEN (SELECT id FROM step WHERE open = 1) IS NOT NULL BEGIN INSERT INTO change (step_id, table_name, action, key_values, image) VALUES ((SELECT id FROM step WHERE open = 1), 'interest_source', 'update', json_object('link_id', new."link_id"), json_object('link_id', old."link_id", 'from_id', old."from_id")); END

CREATE TRIGGER interest_source_undo_delete AFTER DELETE ON interest_source WHEN (SELECT id FROM step WHERE open = 1) IS NOT NULL BEGIN INSERT INTO change (step_id, table_name, action, key_values, image) VALUES ((SELECT id FROM step WHERE open = 1), 'interest_source', 'insert', NULL, json_object('link_id', old."link_id", 'from_id', old."from_id")); END

CREATE TRIGGER introduction_undo_insert AFTER INSERT ON introduction WHEN (SELECT id FROM step WHERE open = 1) IS NOT NULL BEGIN INSERT INTO change (step_id, table_name, action, key_values, image) VALUES ((SELECT id FROM step WHERE open = 1), 'introduction', 'delete', json_object('a_id', new."a_id", 'b_id', new."b_id"), NULL); END

CREATE TRIGGER introduction_undo_update AFTER UPDATE ON introduction WHEN (SELECT id FROM step WHERE open = 1) IS NOT NULL BEGIN INSERT INTO change (step_id, table_name, action, key_values, image) VALUES ((SELECT id FROM step WHERE open = 1), 'introduction', 'update', json_object('a_id', new."a_id", 'b_id', new."b_id"), json_object('a_id', old."a_id", 'b_id', old."b_id", 'a_answer', old."a_answer", 'b_answer', old."b_answer", 'made_on', old."made_on")); END

CREATE TRIGGER introduction_undo_delete AFTER DELETE ON introduction WHEN (SELECT id FROM step WHERE open = 1) IS NOT NULL BEGIN INSERT INTO change (step_id, table_name, action, key_values, image) VALUES ((SELECT id FROM step WHERE open = 1), 'introduction', 'insert', NULL, json_object('a_id', old."a_id", 'b_id', old."b_id", 'a_answer', old."a_answer", 'b_answer', old."b_answer", 'made_on', old."made_on")); END

CREATE TRIGGER name_word_undo_insert AFTER INSERT ON name_word WHEN (SELECT id FROM step WHERE open = 1) IS NOT NULL BEGIN INSERT INTO change (step_id, table_name, action, key_values, image) VALUES ((SELECT id FROM step WHERE open = 1), 'name_word', 'delete', json_object('word', new."word", 'person_id', new."person_id"), NULL); END

CREATE TRIGGER name_word_undo_update AFTER UPDATE ON name_word WHEN (SELECT id FROM step WHERE open = 1) IS NOT NULL BEGIN INSERT INTO change (step_id, table_name, action, key_values, image) VALUES ((SELECT id FROM step WHERE open = 1), 'name_word', 'update', json_object('word', new."word", 'person_id', new."person_id"), json_object('word', old."word", 'person_id', old."person_id")); END

CREATE TRIGGER name_word_undo_delete AFTER DELETE ON name_word WHEN (SELECT id FROM step WHERE open = 1) IS NOT NULL BEGIN INSERT INTO change (step_id, table_name, action, key_values, image) VALUES ((SELECT id FROM step WHERE open = 1), 'name_word', 'insert', NULL, json_object('word', old."word", 'person_id', old."person_id")); END

CREATE TRIGGER nickname_undo_insert AFTER INSERT ON nickname WHEN (SELECT id FROM step WHERE open = 1) IS NOT NULL BEGIN INSERT INTO change (step_id, table_name, action, key_values, image) VALUES ((SELECT id FROM step WHERE open = 1), 'nickname', 'delete', json_object('id', new."id"), NULL); END

CREATE TRIGGER nickname_undo_update AFTER UPDATE ON nickname WHEN (SELECT id FROM step WHERE open = 1) IS NOT NULL BEGIN INSERT INTO change (step_id, table_name, action, key_values, image) VALUES ((SELECT id FROM step WHERE open = 1), 'nickname', 'update', json_object('id', new."id"), json_object('id', old."id", 'person_id', old."person_id", 'nickname', old."nickname")); END

CREATE TRIGGER nickname_undo_delete AFTER DELETE ON nickname WHEN (SELECT id FROM step WHERE open = 1) IS NOT NULL BEGIN INSERT INTO change (step_id, table_name, action, key_values, image) VALUES ((SELECT id FROM step WHERE open = 1), 'nickname', 'insert', NULL, json_object('id', old."id", 'person_id', old."person_id", 'nickname', old."nickname")); END

CREATE TRIGGER note_undo_insert AFTER INSERT ON note WHEN (SELECT id FROM step WHERE open = 1) IS NOT NULL BEGIN INSERT INTO change (step_id, table_name, action, key_values, image) VALUES ((SELECT id FROM step WHERE open = 1), 'note', 'delete', json_object('id', new."id"), NULL); END

CREATE TRIGGER note_undo_update AFTER UPDATE ON note WHEN (SELECT id FROM step WHERE open = 1) IS NOT NULL BEGIN INSERT INTO change (step_id, table_name, action, key_values, image) VALUES ((SELECT id FROM step WHERE open = 1), 'note', 'update', json_object('id', new."id"), json_object('id', old."id", 'day', old."day", 'precision', old."precision", 'text', old."text", 'text_from', old."text_from", 'place', old."place", 'by', old."by", 'noted_at', old."noted_at")); END

CREATE TRIGGER note_undo_delete AFTER DELETE ON note WHEN (SELECT id FROM step WHERE open = 1) IS NOT NULL BEGIN INSERT INTO change (step_id, table_name, action, key_values, image) VALUES ((SELECT id FROM step WHERE open = 1), 'note', 'insert', NULL, json_object('id', old."id", 'day', old."day", 'precision', old."precision", 'text', old."text", 'text_from', old."text_from", 'place', old."place", 'by', old."by", 'noted_at', old."noted_at")); END

CREATE TRIGGER note_interest_undo_insert AFTER INSERT ON note_interest WHEN (SELECT id FROM step WHERE open = 1) IS NOT NULL BEGIN INSERT INTO change (step_id, table_name, action, key_values, image) VALUES ((SELECT id FROM step WHERE open = 1), 'note_interest', 'delete', json_object('interest_id', new."interest_id", 'note_id', new."note_id"), NULL); END

CREATE TRIGGER note_interest_undo_update AFTER UPDATE ON note_interest WHEN (SELECT id FROM step WHERE open = 1) IS NOT NULL BEGIN INSERT INTO change (step_id, table_name, action, key_values, image) VALUES ((SELECT id FROM step WHERE open = 1), 'note_interest', 'update', json_object('interest_id', new."interest_id", 'note_id', new."note_id"), json_object('interest_id', old."interest_id", 'note_id', old."note_id")); END

CREATE TRIGGER note_interest_undo_delete AFTER DELETE ON note_interest WHEN (SELECT id FROM step WHERE open = 1) IS NOT NULL BEGIN INSERT INTO change (step_id, table_name, action, key_values, image) VALUES ((SELECT id FROM step WHERE open = 1), 'note_interest', 'insert', NULL, json_object('interest_id', old."interest_id", 'note_id', old."note_id")); END

CREATE TRIGGER note_person_undo_insert AFTER INSERT ON note_person WHEN (SELECT id FROM step WHERE open = 1) IS NOT NULL BEGIN INSERT INTO change (step_id, table_name, action, key_values, image) VALUES ((SELECT id FROM step WHERE open = 1), 'note_person', 'delete', json_object('person_id', new."person_id", 'day', new."day", 'note_id', new."note_id"), NULL); END

CREATE TRIGGER note_person_undo_update AFTER UPDATE ON note_person WHEN (SELECT id FROM step WHERE open = 1) IS NOT NULL BEGIN INSERT INTO change (step_id, table_name, action, key_values, image) VALUES ((SELECT id FROM step WHERE open = 1), 'note_person', 'update', json_object('person_id', new."person_id", 'day', new."day", 'note_id', new."note_id"), json_object('person_id', old."person_id", 'day', old."day", 'note_id', old."note_id", 'matched', old."matched")); END

CREATE TRIGGER note_person_undo_delete AFTER DELETE ON note_person WHEN (SELECT id FROM step WHERE open = 1) IS NOT NULL BEGIN INSERT INTO change (step_id, table_name, action, key_values, image) VALUES ((SELECT id FROM step WHERE open = 1), 'note_person', 'insert', NULL, json_object('person_id', old."person_id", 'day', old."day", 'note_id', old."note_id", 'matched', old."matched")); END

CREATE TRIGGER origin_undo_insert AFTER INSERT ON origin WHEN (SELECT id FROM step WHERE open = 1) IS NOT NULL BEGIN INSERT INTO change (step_id, table_name, action, key_values, image) VALUES ((SELECT id FROM step WHERE open = 1), 'origin', 'delete', json_object('id', new."id"), NULL); END

CREATE TRIGGER origin_undo_update AFTER UPDATE ON origin WHEN (SELECT id FROM step WHERE open = 1) IS NOT NULL BEGIN INSERT INTO change (step_id, table_name, action, key_values, image) VALUES ((SELECT id FROM step WHERE open = 1), 'origin', 'update', json_object('id', new."id"), json_object('id', old."id", 'person_id', old."person_id", 'kind', old."kind", 'key', old."key", 'raw', iif(old."raw" IS NULL, NULL, json_object('hex', hex(old."raw"))))); END

CREATE TRIGGER origin_undo_delete AFTER DELETE ON origin WHEN (SELECT id FROM step WHERE open = 1) IS NOT NULL BEGIN INSERT INTO change (step_id, table_name, action, key_values, image) VALUES ((SELECT id FROM step WHERE open = 1), 'origin', 'insert', NULL, json_object('id', old."id", 'person_id', old."person_id", 'kind', old."kind", 'key', old."key", 'raw', iif(old."raw" IS NULL, NULL, json_object('hex', hex(old."raw"))))); END

CREATE TRIGGER people_group_undo_insert AFTER INSERT ON people_group WHEN (SELECT id FROM step WHERE open = 1) IS NOT NULL BEGIN INSERT INTO change (step_id, table_name, action, key_values, image) VALUES ((SELECT id FROM step WHERE open = 1), 'people_group', 'delete', json_object('id', new."id"), NULL); END

CREATE TRIGGER people_group_undo_update AFTER UPDATE ON people_group WHEN (SELECT id FROM step WHERE open = 1) IS NOT NULL BEGIN INSERT INTO change (step_id, table_name, action, key_values, image) VALUES ((SELECT id FROM step WHERE open = 1), 'people_group', 'update', json_object('id', new."id"), json_object('id', old."id", 'key', old."key", 'label', old."label")); END

CREATE TRIGGER people_group_undo_delete AFTER DELETE ON people_group WHEN (SELECT id FROM step WHERE open = 1) IS NOT NULL BEGIN INSERT INTO change (step_id, table_name, action, key_values, image) VALUES ((SELECT id FROM step WHERE open = 1), 'people_group', 'insert', NULL, json_object('id', old."id", 'key', old."key", 'label', old."label")); END

CREATE TRIGGER person_undo_insert AFTER INSERT ON person WHEN (SELECT id FROM step WHERE open = 1) IS NOT NULL BEGIN INSERT INTO change (step_id, table_name, action, key_values, image) VALUES ((SELECT id FROM step WHERE open = 1), 'person', 'delete', json_object('id', new."id"), NULL); END

CREATE TRIGGER person_undo_update AFTER UPDATE ON person WHEN (SELECT id FROM step WHERE open = 1) IS NOT NULL BEGIN INSERT INTO change (step_id, table_name, action, key_values, image) VALUES ((SELECT id FROM step WHERE open = 1), 'person', 'update', json_object('id', new."id"), json_object('id', old."id", 'handle', old."handle", 'name', old."name", 'is_me', old."is_me", 'met_on', old."met_on", 'met_precision', old."met_precision", 'met_at', old."met_at", 'met_story', old."met_story", 'met_through', old."met_through", 'lives', old."lives", 'circle', old."circle", 'added_on', old."added_on")); END

CREATE TRIGGER person_undo_delete AFTER DELETE ON person WHEN (SELECT id FROM step WHERE open = 1) IS NOT NULL BEGIN INSERT INTO change (step_id, table_name, action, key_values, image) VALUES ((SELECT id FROM step WHERE open = 1), 'person', 'insert', NULL, json_object('id', old."id", 'handle', old."handle", 'name', old."name", 'is_me', old."is_me", 'met_on', old."met_on", 'met_precision', old."met_precision", 'met_at', old."met_at", 'met_story', old."met_story", 'met_through', old."met_through", 'lives', old."lives", 'circle', old."circle", 'added_on', old."added_on")); END

CREATE TRIGGER person_group_undo_insert AFTER INSERT ON person_group WHEN (SELECT id FROM step WHERE open = 1) IS NOT NULL BEGIN INSERT INTO change (step_id, table_name, action, key_values, image) VALUES ((SELECT id FROM step WHERE open = 1), 'person_group', 'delete', json_object('person_id', new."person_id", 'group_id', new."group_id"), NULL); END

CREATE TRIGGER person_group_undo_update AFTER UPDATE ON person_group WHEN (SELECT id FROM step WHERE open = 1) IS NOT NULL BEGIN INSERT INTO change (step_id, table_name, action, key_values, image) VALUES ((SELECT id FROM step WHERE open = 1), 'person_group', 'update', json_object('person_id', new."person_id", 'group_id', new."group_id"), json_object('person_id', old."person_id", 'group_id', old."group_id")); END

CREATE TRIGGER person_group_undo_delete AFTER DELETE ON person_group WHEN (SELECT id FROM step WHERE open = 1) IS NOT NULL BEGIN INSERT INTO change (step_id, table_name, action, key_values, image) VALUES ((SELECT id FROM step WHERE open = 1), 'person_group', 'insert', NULL, json_object('person_id', old."person_id", 'group_id', old."group_id")); END

CREATE TRIGGER person_interest_undo_insert AFTER INSERT ON person_interest WHEN (SELECT id FROM step WHERE open = 1) IS NOT NULL BEGIN INSERT INTO change (step_id, table_name, action, key_values, image) VALUES ((SELECT id FROM step WHERE open = 1), 'person_interest', 'delete', json_object('id', new."id"), NULL); END

CREATE TRIGGER person_interest_undo_update AFTER UPDATE ON person_interest WHEN (SELECT id FROM step WHERE open = 1) IS NOT NULL BEGIN INSERT INTO change (step_id, table_name, action, key_values, image) VALUES ((SELECT id FROM step WHERE open = 1), 'person_interest', 'update', json_object('id', new."id"), json_object('id', old."id", 'person_id', old."person_id", 'interest_id', old."interest_id", 'stance', old."stance", 'note', old."note")); END

CREATE TRIGGER person_interest_undo_delete AFTER DELETE ON person_interest WHEN (SELECT id FROM step WHERE open = 1) IS NOT NULL BEGIN INSERT INTO change (step_id, table_name, action, key_values, image) VALUES ((SELECT id FROM step WHERE open = 1), 'person_interest', 'insert', NULL, json_object('id', old."id", 'person_id', old."person_id", 'interest_id', old."interest_id", 'stance', old."stance", 'note', old."note")); END

CREATE TRIGGER question_undo_insert AFTER INSERT ON question WHEN (SELECT id FROM step WHERE open = 1) IS NOT NULL BEGIN INSERT INTO change (step_id, table_name, action, key_values, image) VALUES ((SELECT id FROM step WHERE open = 1), 'question', 'delete', json_object('id', new."id"), NULL); END

CREATE TRIGGER question_undo_update AFTER UPDATE ON question WHEN (SELECT id FROM step WHERE open = 1) IS NOT NULL BEGIN INSERT INTO change (step_id, table_name, action, key_values, image) VALUES ((SELECT id FROM step WHERE open = 1), 'question', 'update', json_object('id', new."id"), json_object('id', old."id", 'text', old."text", 'opened_on', old."opened_on", 'on_day', old."on_day", 'answered_on', old."answered_on", 'answer', old."answer", 'note_id', old."note_id")); END

CREATE TRIGGER question_undo_delete AFTER DELETE ON question WHEN (SELECT id FROM step WHERE open = 1) IS NOT NULL BEGIN INSERT INTO change (step_id, table_name, action, key_values, image) VALUES ((SELECT id FROM step WHERE open = 1), 'question', 'insert', NULL, json_object('id', old."id", 'text', old."text", 'opened_on', old."opened_on", 'on_day', old."on_day", 'answered_on', old."answered_on", 'answer', old."answer", 'note_id', old."note_id")); END

CREATE TRIGGER question_person_undo_insert AFTER INSERT ON question_person WHEN (SELECT id FROM step WHERE open = 1) IS NOT NULL BEGIN INSERT INTO change (step_id, table_name, action, key_values, image) VALUES ((SELECT id FROM step WHERE open = 1), 'question_person', 'delete', json_object('person_id', new."person_id", 'question_id', new."question_id"), NULL); END

CREATE TRIGGER question_person_undo_update AFTER UPDATE ON question_person WHEN (SELECT id FROM step WHERE open = 1) IS NOT NULL BEGIN INSERT INTO change (step_id, table_name, action, key_values, image) VALUES ((SELECT id FROM step WHERE open = 1), 'question_person', 'update', json_object('person_id', new."person_id", 'question_id', new."question_id"), json_object('person_id', old."person_id", 'question_id', old."question_id")); END

CREATE TRIGGER question_person_undo_delete AFTER DELETE ON question_person WHEN (SELECT id FROM step WHERE open = 1) IS NOT NULL BEGIN INSERT INTO change (step_id, table_name, action, key_values, image) VALUES ((SELECT id FROM step WHERE open = 1), 'question_person', 'insert', NULL, json_object('person_id', old."person_id", 'question_id', old."question_id")); END

CREATE TRIGGER sent_undo_insert AFTER INSERT ON sent WHEN (SELECT id FROM step WHERE open = 1) IS NOT NULL BEGIN INSERT INTO change (step_id, table_name, action, key_values, image) VALUES ((SELECT id FROM step WHERE open = 1), 'sent', 'delete', json_object('id', new."id"), NULL); END

CREATE TRIGGER sent_undo_update AFTER UPDATE ON sent WHEN (SELECT id FROM step WHERE open = 1) IS NOT NULL BEGIN INSERT INTO change (step_id, table_name, action, key_values, image) VALUES ((SELECT id FROM step WHERE open = 1), 'sent', 'update', json_object('id', new."id"), json_object('id', old."id", 'person_id', old."person_id", 'day', old."day", 'text', old."text")); END

CREATE TRIGGER sent_undo_delete AFTER DELETE ON sent WHEN (SELECT id FROM step WHERE open = 1) IS NOT NULL BEGIN INSERT INTO change (step_id, table_name, action, key_values, image) VALUES ((SELECT id FROM step WHERE open = 1), 'sent', 'insert', NULL, json_object('id', old."id", 'person_id', old."person_id", 'day', old."day", 'text', old."text")); END

CREATE TRIGGER showing_undo_insert AFTER INSERT ON showing WHEN (SELECT id FROM step WHERE open = 1) IS NOT NULL BEGIN INSERT INTO change (step_id, table_name, action, key_values, image) VALUES ((SELECT id FROM step WHERE open = 1), 'showing', 'delete', json_object('person_id', new."person_id", 'day', new."day"), NULL); END

CREATE TRIGGER showing_undo_update AFTER UPDATE ON showing WHEN (SELECT id FROM step WHERE open = 1) IS NOT NULL BEGIN INSERT INTO change (step_id, table_name, action, key_values, image) VALUES ((SELECT id FROM step WHERE open = 1), 'showing', 'update', json_object('person_id', new."person_id", 'day', new."day"), json_object('person_id', old."person_id", 'day', old."day", 'opener', old."opener")); END

CREATE TRIGGER showing_undo_delete AFTER DELETE ON showing WHEN (SELECT id FROM step WHERE open = 1) IS NOT NULL BEGIN INSERT INTO change (step_id, table_name, action, key_values, image) VALUES ((SELECT id FROM step WHERE open = 1), 'showing', 'insert', NULL, json_object('person_id', old."person_id", 'day', old."day", 'opener', old."opener")); END

CREATE TRIGGER snooze_undo_insert AFTER INSERT ON snooze WHEN (SELECT id FROM step WHERE open = 1) IS NOT NULL BEGIN INSERT INTO change (step_id, table_name, action, key_values, image) VALUES ((SELECT id FROM step WHERE open = 1), 'snooze', 'delete', json_object('person_id', new."person_id"), NULL); END

CREATE TRIGGER snooze_undo_update AFTER UPDATE ON snooze WHEN (SELECT id FROM step WHERE open = 1) IS NOT NULL BEGIN INSERT INTO change (step_id, table_name, action, key_values, image) VALUES ((SELECT id FROM step WHERE open = 1), 'snooze', 'update', json_object('person_id', new."person_id"), json_object('person_id', old."person_id", 'until', old."until")); END

CREATE TRIGGER snooze_undo_delete AFTER DELETE ON snooze WHEN (SELECT id FROM step WHERE open = 1) IS NOT NULL BEGIN INSERT INTO change (step_id, table_name, action, key_values, image) VALUES ((SELECT id FROM step WHERE open = 1), 'snooze', 'insert', NULL, json_object('person_id', old."person_id", 'until', old."until")); END

CREATE TRIGGER synced_card_undo_insert AFTER INSERT ON synced_card WHEN (SELECT id FROM step WHERE open = 1) IS NOT NULL BEGIN INSERT INTO change (step_id, table_name, action, key_values, image) VALUES ((SELECT id FROM step WHERE open = 1), 'synced_card', 'delete', json_object('folder', new."folder", 'file', new."file"), NULL); END

CREATE TRIGGER synced_card_undo_update AFTER UPDATE ON synced_card WHEN (SELECT id FROM step WHERE open = 1) IS NOT NULL BEGIN INSERT INTO change (step_id, table_name, action, key_values, image) VALUES ((SELECT id FROM step WHERE open = 1), 'synced_card', 'update', json_object('folder', new."folder", 'file', new."file"), json_object('folder', old."folder", 'file', old."file", 'person_id', old."person_id", 'uid', old."uid", 'digest', old."digest", 'base', iif(old."base" IS NULL, NULL, json_object('hex', hex(old."base"))))); END

CREATE TRIGGER synced_card_undo_delete AFTER DELETE ON synced_card WHEN (SELECT id FROM step WHERE open = 1) IS NOT NULL BEGIN INSERT INTO change (step_id, table_name, action, key_values, image) VALUES ((SELECT id FROM step WHERE open = 1), 'synced_card', 'insert', NULL, json_object('folder', old."folder", 'file', old."file", 'person_id', old."person_id", 'uid', old."uid", 'digest', old."digest", 'base', iif(old."base" IS NULL, NULL, json_object('hex', hex(old."base"))))); END

CREATE TRIGGER tie_undo_insert AFTER INSERT ON tie WHEN (SELECT id FROM step WHERE open = 1) IS NOT NULL BEGIN INSERT INTO change (step_id, table_name, action, key_values, image) VALUES ((SELECT id FROM step WHERE open = 1), 'tie', 'delete', json_object('id', new."id"), NULL); END

CREATE TRIGGER tie_undo_update AFTER UPDATE ON tie WHEN (SELECT id FROM step WHERE open = 1) IS NOT NULL BEGIN INSERT INTO change (step_id, table_name, action, key_values, image) VALUES ((SELECT id FROM step WHERE open = 1), 'tie', 'update', json_object('id', new."id"), json_object('id', old."id", 'a_id', old."a_id", 'b_id', old."b_id", 'word', old."word")); END

CREATE TRIGGER tie_undo_delete AFTER DELETE ON tie WHEN (SELECT id FROM step WHERE open = 1) IS NOT NULL BEGIN INSERT INTO change (step_id, table_name, action, key_values, image) VALUES ((SELECT id FROM step WHERE open = 1), 'tie', 'insert', NULL, json_object('id', old."id", 'a_id', old."a_id", 'b_id', old."b_id", 'word', old."word")); END

CREATE TRIGGER uid_undo_insert AFTER INSERT ON uid WHEN (SELECT id FROM step WHERE open = 1) IS NOT NULL BEGIN INSERT INTO change (step_id, table_name, action, key_values, image) VALUES ((SELECT id FROM step WHERE open = 1), 'uid', 'delete', json_object('person_id', new."person_id"), NULL); END

CREATE TRIGGER uid_undo_update AFTER UPDATE ON uid WHEN (SELECT id FROM step WHERE open = 1) IS NOT NULL BEGIN INSERT INTO change (step_id, table_name, action, key_values, image) VALUES ((SELECT id FROM step WHERE open = 1), 'uid', 'update', json_object('person_id', new."person_id"), json_object('person_id', old."person_id", 'uid', old."uid")); END

CREATE TRIGGER uid_undo_delete AFTER DELETE ON uid WHEN (SELECT id FROM step WHERE open = 1) IS NOT NULL BEGIN INSERT INTO change (step_id, table_name, action, key_values, image) VALUES ((SELECT id FROM step WHERE open = 1), 'uid', 'insert', NULL, json_object('person_id', old."person_id", 'uid', old."uid")); END

CREATE TRIGGER vocabulary_rule_undo_insert AFTER INSERT ON vocabulary_rule WHEN (SELECT id FROM step WHERE open = 1) IS NOT NULL BEGIN INSERT INTO change (step_id, table_name, action, key_values, image) VALUES ((SELECT id FROM step WHERE open = 1), 'vocabulary_rule', 'delete', json_object('id', new."id"), NULL); END

CREATE TRIGGER vocabulary_rule_undo_update AFTER UPDATE ON vocabulary_rule WHEN (SELECT id FROM step WHERE open = 1) IS NOT NULL BEGIN INSERT INTO change (step_id, table_name, action, key_values, image) VALUES ((SELECT id FROM step WHERE open = 1), 'vocabulary_rule', 'update', json_object('id', new."id"), json_object('id', old."id", 'relation', old."relation", 'a_key', old."a_key", 'a_label', old."a_label", 'b_key', old."b_key", 'b_label', old."b_label", 'added_on', old."added_on")); END

CREATE TRIGGER vocabulary_rule_undo_delete AFTER DELETE ON vocabulary_rule WHEN (SELECT id FROM step WHERE open = 1) IS NOT NULL BEGIN INSERT INTO change (step_id, table_name, action, key_values, image) VALUES ((SELECT id FROM step WHERE open = 1), 'vocabulary_rule', 'insert', NULL, json_object('id', old."id", 'relation', old."relation", 'a_key', old."a_key", 'a_label', old."a_label", 'b_key', old."b_key", 'b_label', old."b_label", 'added_on', old."added_on")); END

CREATE TRIGGER yearly_date_undo_insert AFTER INSERT ON yearly_date WHEN (SELECT id FROM step WHERE open = 1) IS NOT NULL BEGIN INSERT INTO change (step_id, table_name, action, key_values, image) VALUES ((SELECT id FROM step WHERE open = 1), 'yearly_date', 'delete', json_object('id', new."id"), NULL); END

CREATE TRIGGER yearly_date_undo_update AFTER UPDATE ON yearly_date WHEN (SELECT id FROM step WHERE open = 1) IS NOT NULL BEGIN INSERT INTO change (step_id, table_name, action, key_values, image) VALUES ((SELECT id FROM step WHERE open = 1), 'yearly_date', 'update', json_object('id', new."id"), json_object('id', old."id", 'person_id', old."person_id", 'kind', old."kind", 'label', old."label", 'on_day', old."on_day")); END

CREATE TRIGGER yearly_date_undo_delete AFTER DELETE ON yearly_date WHEN (SELECT id FROM step WHERE open = 1) IS NOT NULL BEGIN INSERT INTO change (step_id, table_name, action, key_values, image) VALUES ((SELECT id FROM step WHERE open = 1), 'yearly_date', 'insert', NULL, json_object('id', old."id", 'person_id', old."person_id", 'kind', old."kind", 'label', old."label", 'on_day', old."on_day")); END
