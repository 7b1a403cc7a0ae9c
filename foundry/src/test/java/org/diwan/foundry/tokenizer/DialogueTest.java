package org.diwan.foundry.tokenizer;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.SplittableRandom;
import org.diwan.base.Seeded;
import org.diwan.language.ChatMessage;
import org.diwan.language.ChatTemplate;
import org.junit.jupiter.api.Test;

class DialogueTest {
    private static final String TEXT = """
            قال الملك للوزير: ما الرأي؟ قال الوزير: الرأي رأيك. فسكت الملك طويلا ثم نظر إليه.
            وفي الغد خرج الناس!
            وكان يوما مشهودا في المدينة كلها، لم ير الناس مثله من قبل ولا من بعد. انتهى
            """;

    @Test
    void dialoguesSayTheTextInOrderAndNothingElse() {
        Seeded.forAll(200, random -> {
            String text = TEXT.repeat(1 + random.nextInt(5));
            var said = new StringBuilder();
            for (var turns : Dialogue.cut("", text, random)) {
                for (int i = 0; i < turns.size(); i++) {
                    assertEquals(i % 2 == 0, turns.get(i).user(), "turns take turns");
                    assertFalse(turns.get(i).text().isBlank());
                    said.append(turns.get(i).text());
                }
            }
            String bare = said.toString().replaceAll("\\s", "");
            // The last sentence may find nobody to answer it.
            assertTrue(text.replaceAll("\\s", "").startsWith(bare), () -> "not the text: " + said);
            assertTrue(bare.length() > text.length() / 2);
        });
    }

    @Test
    void theTitleOpensTheFirstDialogue() {
        var first = Dialogue.cut("نظام الشركات", TEXT, new SplittableRandom(1)).getFirst();
        assertEquals(new Dialogue.Turn(true, "نظام الشركات"), first.getFirst());
        assertTrue(first.get(1).text().startsWith("قال الملك"));
    }

    @Test
    void theChatTemplateRendersWhatTheModelWasTrainedOn() {
        List<Dialogue.Turn> turns = List.of(
                new Dialogue.Turn(true, "قال الملك"),
                new Dialogue.Turn(false, "للوزير: ما الرأي؟\nفسكت."),
                new Dialogue.Turn(true, "وفي الغد"));
        var messages = new ArrayList<ChatMessage>();
        messages.add(new ChatMessage("system", "You are never shown to this model."));
        for (var turn : turns) messages.add(new ChatMessage(turn.user() ? "user" : "assistant", turn.text()));
        String rendered = ChatTemplate.parse(ChatFormat.TEMPLATE).render(messages, true, Map.of());
        assertEquals(ChatFormat.render(turns) + "<|im_start|>assistant\n", rendered);
    }
}
