# Writes mixes.txt: digests of the files that llama.cpp's own quantiser makes of the models in a folder.
#   python3 mixes.py FOLDER_OF_LIBRARIES FOLDER_OF_MODELS > mixes.txt
import ctypes, hashlib, os, sys

libraries, models = sys.argv[1:]
for name in ("libggml-base.so", "libggml.v0.5.0.so"):
    ctypes.CDLL(os.path.join(libraries, name), mode=ctypes.RTLD_GLOBAL)
llama = ctypes.CDLL(os.path.join(libraries, "libllama.v0.5.0.so"))


class Parameters(ctypes.Structure):  # llama_model_quantize_params of include/llama.h
    _fields_ = [("threads", ctypes.c_int32)] + [(n, ctypes.c_int) for n in ("file_type", "output", "embedding")] + [
        (n, ctypes.c_bool) for n in ("requantize", "quantize_output", "only_copy", "pure", "keep_split", "dry_run")
    ] + [(n, ctypes.c_void_p) for n in ("importance", "overrides", "types", "pruned")]


llama.llama_model_quantize_default_params.restype = Parameters
llama.llama_backend_init()
MIXES = {"F32": 0, "F16": 1, "BF16": 32, "Q8_0": 7, "Q4_0": 2, "Q4_K": 14, "Q4_K_M": 15, "Q5_K": 16, "Q5_K_M": 17, "Q6_K": 18}
for file in sorted(os.listdir(models)):
    for mix, file_type in MIXES.items():
        parameters = llama.llama_model_quantize_default_params()
        parameters.threads = 1
        parameters.file_type = file_type
        parameters.pure = mix in ("Q4_K", "Q5_K")
        out = "/tmp/mixes-out.gguf"
        code = llama.llama_model_quantize(
            os.path.join(models, file).encode(), out.encode(), ctypes.byref(parameters))
        assert code == 0, file
        print(file.removesuffix(".gguf"), mix, os.path.getsize(out), hashlib.sha256(open(out, "rb").read()).hexdigest())
        os.remove(out)
