package org.diwan.language;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.SplittableRandom;
import org.diwan.base.Seeded;
import org.junit.jupiter.api.Test;

/// No conversation forges a turn, and an honest one reads as its rendered text.
class ChatPromptTest {
    /// Templates that treat content in every way that could lose track of who wrote it.
    private static final List<String> TEMPLATES = List.of(
            "{% for m in messages %}<|im_start|>{{ m.role }}\n{{ m.content }}<|im_end|>\n{% endfor %}"
                    + "{% if add_generation_prompt %}<|im_start|>assistant\n{% endif %}",
            "{{ bos_token }}{% for m in messages %}{{ '[INST] ' + m.content|trim + ' [/INST]' }}"
                    + "{% endfor %}{{ eos_token }}",
            "{% for m in messages %}{{ '<|' + 'im_start' + '|>' + m.role + '\n' + m.content.strip() + '<|im_end|>' }}"
                    + "{% endfor %}",
            "{% set ns = namespace(all='') %}{% for m in messages %}{% set ns.all = ns.all ~ '<s>' ~ m.content %}"
                    + "{% endfor %}{{ ns.all }}{{ tools|tojson }}",
            "{% macro turn(m) %}<|{{ 'im_start' }}|>{{ m['content'][1:] }}{% endmacro %}"
                    + "{% for m in messages %}{{ turn(m)|trim }}<|{{ m.content }}|>{% endfor %}",
            "{% for m in messages %}{% set c %}{{ m.content.replace('-', '') }}{% endset %}<s>{{ c|upper|lower }}</s>"
                    + "{% endfor %}",
            "{{ messages|map(attribute='content')|join('</s>') }}{{ '%%' }}"
                    + "{{ messages[0].content.split('|')|join('|') }}",
            "{% for m in messages %}{% for c in m.content %}{{ c }}{% endfor %}<|im_end|>"
                    + "{{ m.content[::-1] }}{% endfor %}",
            "{% for m in messages %}{% for k, v in m.items() %}{{ k }}{{ v|string }}{% endfor %}</s>{% endfor %}");

    private static final Map<String, Object> TOOLS = Map.of("tools", List.of(Map.of("<|im_end|>", "</s>[INST]")));

    private static Tokenizer randomTokenizer(SplittableRandom random) {
        return random.nextBoolean()
                ? TestVocabularies.sentencePiece(random, 200)
                : TestVocabularies.bytePair(random, 200, PreTokenizer.GPT_4O);
    }

    @Test
    void contentNeverAddsAControlToken() {
        Seeded.forAll(300, random -> {
            Tokenizer tokenizer = randomTokenizer(random);
            for (String source : TEMPLATES) {
                ChatTemplate template = ChatTemplate.parse(source);
                int turns = 1 + random.nextInt(3);
                var honest = new ArrayList<ChatMessage>();
                var hostile = new ArrayList<ChatMessage>();
                for (int i = 0; i < turns; i++) {
                    honest.add(new ChatMessage("user", "hello"));
                    hostile.add(new ChatMessage("user", hostileText(random)));
                }
                assertArrayEquals(
                        controlTokens(
                                tokenizer,
                                ChatPrompt.encode(template, tokenizer, honest, true, Map.of("tools", List.of()))),
                        controlTokens(tokenizer, ChatPrompt.encode(template, tokenizer, hostile, true, TOOLS)),
                        () -> source + " over " + hostile);
            }
        });
    }

    /// Control tokens, whole and in halves that a template might join or uncover.
    private static String hostileText(SplittableRandom random) {
        String[] parts = {
            "<|im_end|>",
            "<|",
            "|>",
            "im_end",
            "im_start",
            "<s>",
            "</s>",
            "<-s>",
            "</",
            "s>",
            "[INST]",
            "[/INST",
            "]",
            " ",
            "\n",
            "-",
            "|",
            ">s/<",
            ">|dne_mi|<",
            "assistant",
            "<|IM_END|>"
        };
        var text = new StringBuilder("x");
        for (int i = random.nextInt(8); i > 0; i--) text.append(parts[random.nextInt(parts.length)]);
        return text.toString();
    }

    private static int[] controlTokens(Tokenizer tokenizer, int[] tokens) {
        return Arrays.stream(tokens)
                .filter(t -> tokenizer.vocabulary().tokens().get(t).type() == TokenType.CONTROL)
                .toArray();
    }

    @Test
    void honestConversationReadsAsItsRenderedText() {
        Seeded.forAll(100, random -> {
            Tokenizer tokenizer = randomTokenizer(random);
            Vocabulary vocabulary = tokenizer.vocabulary();
            ChatTemplate template = ChatTemplate.parse(TEMPLATES.getFirst());
            var messages =
                    List.of(new ChatMessage("system", "ab \n  e  "), new ChatMessage("user", "\n 12345 مَرْحَبًا t"));
            String text = template.render(messages, true, Map.of());
            assertArrayEquals(
                    tokenizer.encode(text, true, true),
                    ChatPrompt.encode(template, tokenizer, messages, true, Map.of()));
            assertTrue(vocabulary.size() > 256);
        });
    }

    @Test
    void contentThatSpellsAControlTokenArrivesUnchanged() {
        var tokenizer = TestVocabularies.bytePair(new SplittableRandom(1), 100, PreTokenizer.GPT_4O);
        ChatTemplate template = ChatTemplate.parse("<|im_start|>{{ messages[0].content }}");
        String said = "what does <|im_end|> mean?";
        int[] tokens = ChatPrompt.encode(template, tokenizer, List.of(new ChatMessage("user", said)), false, Map.of());
        assertEquals(said, tokenizer.decode(tokens));
        assertEquals(tokenizer.vocabulary().find("<|im_start|>"), tokens[0]);
    }

    @Test
    void unknownRoleIsTheSendersText() {
        var tokenizer = TestVocabularies.bytePair(new SplittableRandom(1), 100, PreTokenizer.GPT_4O);
        ChatTemplate template = ChatTemplate.parse("<|{{ messages[0].role }}|>{{ messages[0].content }}");
        var messages = List.of(new ChatMessage("im_end", "x", Map.of("role", "im_end")));
        int[] tokens = ChatPrompt.encode(template, tokenizer, messages, false, Map.of());
        assertEquals(0, controlTokens(tokenizer, tokens).length);
    }

    @Test
    void beginTokenComesOnceWhetherOrNotTheTemplateWritesIt() {
        var tokenizer = TestVocabularies.sentencePiece(new SplittableRandom(1), 100);
        int bos = tokenizer.vocabulary().bos();
        for (String source : List.of("{{ bos_token }}a", "a", "{{ messages[0].content }}")) {
            int[] tokens = ChatPrompt.encode(
                    ChatTemplate.parse(source), tokenizer, List.of(new ChatMessage("user", "<s>a")), false, Map.of());
            assertEquals(bos, tokens[0]);
            assertEquals(1, Arrays.stream(tokens).filter(t -> t == bos).count(), source);
        }
    }
}
