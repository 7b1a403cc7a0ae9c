package org.diwan.robots.mission;

import java.util.Optional;

/// What happened to one utterance, for the record: everything but its words.
///
/// @param mission the id, which the job has too; answers to questions go on under it
/// @param words commitment to the utterance
/// @param parser `rules` or `chat`; `none` where nobody was asked, as for an emergency or a refusal
/// @param receipt of the model's answer, where one was asked
/// @param rehearsed `clean`, or the fault; empty where nothing was rehearsed
public record MissionEvent(
        String mission,
        String asker,
        String words,
        String parser,
        Optional<String> receipt,
        Understanding understanding,
        Optional<String> rehearsed) {}
