# Writes quantizer.txt: blocks made by llama.cpp's own quantisers, and what its dequantisers read back.
#   python3 quantizer.py path/to/libggml-base.so > quantizer.txt
import ctypes, random, sys

ggml = ctypes.CDLL(sys.argv[1])
TYPES = {"Q8_0": (8, 34, 32, "q8_0"), "Q4_0": (2, 18, 32, "q4_0"), "Q4_K": (12, 144, 256, "q4_K"), "Q5_K": (13, 176, 256, "q5_K"),
         "Q6_K": (14, 210, 256, "q6_K")}
COUNT = 256
random.seed(2)

inputs = {
    "normal": [random.gauss(0, 1) for _ in range(COUNT)],
    "small": [random.gauss(0, 1e-3) for _ in range(COUNT)],
    "skewed": [random.expovariate(1) - 0.2 for _ in range(COUNT)],
    "outlier": [random.gauss(0, 0.02) + (5 if i % 97 == 3 else 0) for i in range(COUNT)],
    "steps": [(i % 31 - 15) / 4 for i in range(COUNT)],
    "zerogroups": [0 if i // 16 % 3 == 1 else random.gauss(0, 1) for i in range(COUNT)],
    "zeros": [0] * COUNT,
    "tiny": [random.gauss(0, 1e-17) for _ in range(COUNT)],
    "positive": [random.expovariate(1) + 2 for _ in range(COUNT)],
    "negative": [-random.expovariate(1) - 0.01 for _ in range(COUNT)],
    "faintgroups": [random.gauss(0, 1 if i // 32 % 2 else 1e-4) for i in range(COUNT)],
    "constant": [-0.75 for _ in range(COUNT)],
}
for name, values in inputs.items():
    x = (ctypes.c_float * COUNT)(*values)
    print("input", name, bytes(x).hex())
    for type_name, (_, size, weights, function) in TYPES.items():
        blocks = (ctypes.c_uint8 * (COUNT // weights * size))()
        getattr(ggml, f"quantize_row_{function}_ref")(x, blocks, ctypes.c_int64(COUNT))
        back = (ctypes.c_float * COUNT)()
        getattr(ggml, f"dequantize_row_{function}")(blocks, back, ctypes.c_int64(COUNT))
        print(type_name, name, bytes(blocks).hex(), bytes(back).hex())
