package org.diwan.engine.convert;

import com.fasterxml.jackson.databind.JsonNode;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.diwan.engine.convert.Naming.Place;
import org.diwan.engine.gguf.GgufWriter;
import org.jspecify.annotations.Nullable;

/// BERT and XLM-RoBERTa, with the files of `sentence-transformers` beside them: `modules.json` names the
/// folder of the pooling, whose `config.json` says how a text's vector is taken. Both become the architecture
/// `bert`, as llama.cpp's converter writes it, with two differences: a reranker's file states pooling 4, and the
/// pooler of BERT, through which its scores were trained to go, is kept as `cls`.
///
/// @param roberta whether positions count from the padding token on, and so the first rows are left out
/// @param ranks whether a classifier makes one score of the first token's vector
/// @param pooling GGUF's number for the pooling; null where no file says it
record EncoderFacts(
        Config config,
        boolean roberta,
        boolean ranks,
        @Nullable Integer pooling) implements Facts {
    private static final String CLASSIFIER = "ForSequenceClassification";
    static final Set<String> CLASSES = Set.of(
            "BertModel",
            "BertForMaskedLM",
            "Bert" + CLASSIFIER,
            "XLMRobertaModel",
            "XLMRobertaForMaskedLM",
            "XLMRoberta" + CLASSIFIER);

    /// GGUF's number for pooling by a classifier.
    private static final int RANK = 4;

    private static final Map<String, Integer> POOLINGS =
            Map.of("pooling_mode_mean_tokens", 1, "pooling_mode_cls_token", 2);

    private static final Pattern LAYER = Pattern.compile("encoder\\.layer\\.([0-9]{1,4})\\.(.+)\\.(weight|bias)");

    static boolean isEncoder(Config config) {
        return CLASSES.contains(className(config));
    }

    private static String className(Config config) {
        return config.json().path("architectures").path(0).asText();
    }

    static EncoderFacts of(Config config) throws IOException {
        String name = className(config);
        String activation = config.has("hidden_act") ? config.text("hidden_act") : "gelu";
        if (!activation.equals("gelu")) throw config.wrong("hidden_act", activation + ", must be gelu");
        String positions = config.has("position_embedding_type") ? config.text("position_embedding_type") : "absolute";
        if (!positions.equals("absolute"))
            throw config.wrong("position_embedding_type", positions + ", must be absolute");
        if (config.flag("is_decoder", false)) throw config.wrong("is_decoder", "true, an encoder sees the whole text");
        boolean ranks = name.endsWith(CLASSIFIER);
        int labels = config.json().path("id2label").size();
        if (ranks && labels != 1) {
            throw config.wrong("id2label", labels + " labels, a classifier is run only as a reranker, with one");
        }
        return new EncoderFacts(config, name.startsWith("XLM"), ranks, ranks ? Integer.valueOf(RANK) : pooling(config));
    }

    private static @Nullable Integer pooling(Config config) throws IOException {
        Path list = config.file().resolveSibling("modules.json");
        if (!Files.exists(list)) return null;
        Config modules = Config.read(list);
        Integer pooling = null;
        for (JsonNode module : modules.json()) {
            String type = module.path("type").asText();
            switch (type.substring(type.lastIndexOf('.') + 1)) {
                // Vectors are scaled to length 1 by whoever asked for them.
                case "Transformer", "Normalize" -> {}
                case "Pooling" -> pooling = pooling(module.path("path").asText(), modules);
                default -> throw modules.wrong("type", type + ", must be Transformer, Pooling or Normalize");
            }
        }
        return pooling;
    }

    private static int pooling(String path, Config modules) throws IOException {
        // A name, not a path: the list must not open what lies elsewhere.
        if (!path.matches("[A-Za-z0-9_-]{1,100}")) throw modules.wrong("path", "'" + path + "', must be a folder here");
        Config config = Config.read(modules.file().resolveSibling(path).resolve("config.json"));
        var modes = new ArrayList<String>();
        config.json().properties().forEach(entry -> {
            if (entry.getKey().startsWith("pooling_mode_") && entry.getValue().asBoolean()) modes.add(entry.getKey());
        });
        if (modes.size() != 1 || !POOLINGS.containsKey(modes.getFirst())) {
            throw config.wrong("pooling_mode", modes + ", must be one of " + POOLINGS.keySet());
        }
        return POOLINGS.get(modes.getFirst());
    }

    @Override
    public String gguf() {
        return "bert";
    }

    @Override
    public int layers() {
        return config.json().path("num_hidden_layers").asInt();
    }

    @Override
    public void describe(GgufWriter writer) throws ConversionException {
        writer.uint32("bert.block_count", config.integer("num_hidden_layers"))
                .uint32("bert.context_length", config.integer("max_position_embeddings") - firstPosition())
                .uint32("bert.embedding_length", config.integer("hidden_size"))
                .uint32("bert.feed_forward_length", config.integer("intermediate_size"))
                .uint32("bert.attention.head_count", config.integer("num_attention_heads"))
                .float32("bert.attention.layer_norm_epsilon", config.real("layer_norm_eps", 1e-12f))
                .bool("bert.attention.causal", false)
                .uint32("tokenizer.ggml.token_type_count", config.integer("type_vocab_size", 1));
        if (pooling != null) writer.uint32("bert.pooling_type", pooling);
        if (ranks) {
            writer.strings(
                    "bert.classifier.output_labels",
                    List.of(config.json().path("id2label").path("0").asText()));
        }
    }

    /// RoBERTa's positions begin behind that of its padding token.
    private int firstPosition() {
        return roberta ? config.json().path("pad_token_id").asInt(1) + 1 : 0;
    }

    @Override
    public int skippedRows(String name) {
        return name.equals("position_embd.weight") ? firstPosition() : 0;
    }

    /// What is added and not multiplied with stays F32, as llama.cpp needs it.
    @Override
    public boolean widens(String name) {
        return name.equals("position_embd.weight") || name.equals("token_types.weight");
    }

    @Override
    public @Nullable Place place(String source) {
        String name = source.replaceFirst("^(bert|roberta)\\.", "")
                .replaceFirst("\\.gamma$", ".weight")
                .replaceFirst("\\.beta$", ".bias");
        if (name.equals("embeddings.position_ids")
                || name.startsWith("cls.predictions.")
                || name.startsWith("cls.seq_relationship.")
                || name.startsWith("lm_head.")) return new Place.Left();
        if (name.startsWith("pooler.dense.") && !(ranks && !roberta)) return new Place.Left();
        Matcher layer = LAYER.matcher(name);
        if (layer.matches()) {
            @Nullable String inner = inner(layer.group(2));
            if (inner == null) return null;
            return new Place.Whole("blk." + Integer.parseInt(layer.group(1)) + "." + inner + "." + layer.group(3));
        }
        int dot = name.lastIndexOf('.');
        @Nullable String outer = dot < 0 ? null : outer(name.substring(0, dot));
        return outer == null ? null : new Place.Whole(outer + name.substring(dot));
    }

    private static @Nullable String inner(String name) {
        return switch (name) {
            case "attention.self.query" -> "attn_q";
            case "attention.self.key" -> "attn_k";
            case "attention.self.value" -> "attn_v";
            case "attention.output.dense" -> "attn_output";
            case "attention.output.LayerNorm" -> "attn_output_norm";
            case "intermediate.dense" -> "ffn_up";
            case "output.dense" -> "ffn_down";
            case "output.LayerNorm" -> "layer_output_norm";
            default -> null;
        };
    }

    private @Nullable String outer(String name) {
        return switch (name) {
            case "embeddings.word_embeddings" -> "token_embd";
            case "embeddings.position_embeddings" -> "position_embd";
            case "embeddings.token_type_embeddings" -> "token_types";
            case "embeddings.LayerNorm" -> "token_embd_norm";
            case "pooler.dense" -> "cls";
            case "classifier.dense" -> ranks && roberta ? "cls" : null;
            case "classifier.out_proj" -> ranks && roberta ? "cls.output" : null;
            case "classifier" -> ranks && !roberta ? "cls.output" : null;
            default -> null;
        };
    }
}
