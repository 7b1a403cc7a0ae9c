/// What may be done with which data, where, under which law; and the record that it was done.
///
/// Start at [org.diwan.sovereignty.policy.Policy#decide] and read backwards: a request names a
/// [DataClass], whether the text is personal or sensitive, and two [Jurisdiction]s; the text itself
/// was looked at by [org.diwan.sovereignty.classify.Classifier], whose answer is a list of
/// [Finding]s. The nouns that both sides speak are here, everything else is one package down.
///
/// Nothing here knows a model, a user or a clock. No country is named in code: what differs between
/// nations is data in `packs/<country>/`.
@NullMarked
package org.diwan.sovereignty;

import org.jspecify.annotations.NullMarked;
