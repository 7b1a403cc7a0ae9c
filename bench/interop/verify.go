// Verify a log folder with the reference implementation of the tree and of signed notes,
// golang.org/x/mod/sumdb/tlog and .../note, which knows nothing of Diwan:
//
//	verify [-flip STEP] FOLDER VKEY[,VKEY...] [PROOF...]
//
// opens the checkpoint, which every VKEY must have signed, reads every leaf hash from the tiles, which
// authenticates every tile against the signed root, compares each with the entry in its bundle, proves
// that each earlier tree size of a few is a prefix, and checks each tlog-proof file against its entry.
// Prints the size and exits 0, or says what differs and exits 1.
//
// With -flip it then flips every STEP-th bit of every file that it has read, one at a time, and of every
// proof, and each time expects that something differs.
//
// x/mod's note knows Ed25519 alone (type 01). ECDSA (02, keys in hardware) and a witness' Ed25519 (04)
// are verified with Go's crypto/ecdsa and crypto/ed25519 behind note's own interface; ML-DSA-44 (06) is
// not in the Go of Debian 12.
//
// On Debian: apt-get install golang-go golang-golang-x-mod-dev, then
// GO111MODULE=off GOPATH=/usr/share/gocode go run verify.go ...
package main

import (
	"crypto/ecdsa"
	"crypto/ed25519"
	"crypto/sha256"
	"crypto/x509"
	"encoding/base64"
	"encoding/binary"
	"fmt"
	"os"
	"path/filepath"
	"strconv"
	"strings"

	"golang.org/x/mod/sumdb/note"
	"golang.org/x/mod/sumdb/tlog"
)

// A differs is what a failed check panics with; main and refused catch it.
type differs struct{ err error }

func check(err error) {
	if err != nil {
		panic(differs{err})
	}
}

// A keyed verifier is one of the types that x/mod's note does not know.
type keyed struct {
	name   string
	hash   uint32
	verify func(message, signature []byte) bool
}

func (k keyed) Name() string                          { return k.name }
func (k keyed) KeyHash() uint32                       { return k.hash }
func (k keyed) Verify(message, signature []byte) bool { return k.verify(message, signature) }

func newVerifier(vkey string) note.Verifier {
	parts := strings.SplitN(vkey, "+", 3)
	data, err := base64.StdEncoding.Strict().DecodeString(parts[2])
	check(err)
	key := data[1:]
	switch data[0] {
	case 2:
		public, err := x509.ParsePKIXPublicKey(key)
		check(err)
		id := sha256.Sum256(key)
		return keyed{parts[0], binary.BigEndian.Uint32(id[:]), func(message, signature []byte) bool {
			digest := sha256.Sum256(message)
			return ecdsa.VerifyASN1(public.(*ecdsa.PublicKey), digest[:], signature)
		}}
	case 4:
		id := sha256.Sum256(append([]byte(parts[0]+"\n"), data...))
		return keyed{parts[0], binary.BigEndian.Uint32(id[:]), func(message, signature []byte) bool {
			if len(signature) != 72 {
				return false
			}
			time := fmt.Sprintf("cosignature/v1\ntime %d\n", binary.BigEndian.Uint64(signature))
			return ed25519.Verify(key, append([]byte(time), message...), signature[8:])
		}}
	}
	verifier, err := note.NewVerifier(vkey)
	check(err)
	return verifier
}

// open verifies a checkpoint, which every key must have signed, and returns the tree it signs.
func open(text []byte, keys []note.Verifier) tlog.Tree {
	n, err := note.Open(text, note.VerifierList(keys...))
	check(err)
	if len(n.Sigs) != len(keys) {
		check(fmt.Errorf("checkpoint: signed by %d of %d keys", len(n.Sigs), len(keys)))
	}
	for _, sig := range n.Sigs {
		// note reads base64 whose last character has stray bits: another spelling of the same bytes.
		_, err := base64.StdEncoding.Strict().DecodeString(sig.Base64)
		check(err)
	}
	lines := strings.Split(n.Text, "\n")
	size, err := strconv.ParseInt(lines[1], 10, 64)
	check(err)
	hash, err := tlog.ParseHash(lines[2])
	check(err)
	return tlog.Tree{N: size, Hash: hash}
}

// A log is a folder of which every file is read once.
type log struct {
	folder string
	files  map[string][]byte
}

func (l log) read(path string) []byte {
	if data, ok := l.files[path]; ok {
		return data
	}
	data, err := os.ReadFile(filepath.Join(l.folder, path))
	check(err)
	l.files[path] = data
	return data
}

// Tiles by C2SP paths, which have no height in them: tile/8/0/000 is tile/0/000.
func (log) Height() int { return 8 }

func (l log) ReadTiles(wanted []tlog.Tile) ([][]byte, error) {
	var all [][]byte
	for _, tile := range wanted {
		all = append(all, l.read(strings.Replace(tile.Path(), "tile/8/", "tile/", 1)))
	}
	return all, nil
}

func (log) SaveTiles([]tlog.Tile, [][]byte) {}

// entries reads all entry bundles of a tree of n entries.
func (l log) entries(n int64) [][]byte {
	var all [][]byte
	for int64(len(all)) < n {
		width := n - int64(len(all))
		if width > 256 {
			width = 256
		}
		tile := tlog.Tile{H: 8, L: 0, N: int64(len(all)) / 256, W: int(width)}
		path := strings.Replace(tile.Path(), "tile/8/0/", "tile/entries/", 1)
		data := l.read(path)
		for i := int64(0); i < width; i++ {
			if len(data) < 2 || len(data) < 2+int(binary.BigEndian.Uint16(data)) {
				check(fmt.Errorf("%s: cut off", path))
			}
			end := 2 + int(binary.BigEndian.Uint16(data))
			all = append(all, data[2:end])
			data = data[end:]
		}
		if len(data) != 0 {
			check(fmt.Errorf("%s: %d bytes too many", path, len(data)))
		}
	}
	return all
}

// verify checks the whole log and returns its entries.
func (l log) verify(keys []note.Verifier) [][]byte {
	tree := open(l.read("checkpoint"), keys)
	all := l.entries(tree.N)
	if tree.N == 0 {
		return all
	}
	reader := tlog.TileHashReader(tree, l)
	for from := 0; from < len(all); from += 4096 {
		var indexes []int64
		for i := from; i < len(all) && i < from+4096; i++ {
			indexes = append(indexes, tlog.StoredHashIndex(0, int64(i)))
		}
		hashes, err := reader.ReadHashes(indexes)
		check(err)
		for i, hash := range hashes {
			if hash != tlog.RecordHash(all[from+i]) {
				check(fmt.Errorf("entry %d does not have the hash in its tile", from+i))
			}
		}
	}
	for _, old := range []int64{1, tree.N / 3, tree.N / 2, tree.N - 1, tree.N} {
		if old < 1 {
			continue
		}
		proof, err := tlog.ProveTree(tree.N, old, reader)
		check(err)
		hash, err := tlog.TreeHash(old, reader)
		check(err)
		check(tlog.CheckTree(proof, tree.N, tree.Hash, old, hash))
	}
	return all
}

// checkProof verifies a c2sp.org/tlog-proof@v1 text and returns the index it proves.
func checkProof(text string, keys []note.Verifier, all [][]byte) int64 {
	head, checkpoint, _ := strings.Cut(text, "\n\n")
	lines := strings.Split(head, "\n")
	if lines[0] != "c2sp.org/tlog-proof@v1" || len(lines) < 2 || !strings.HasPrefix(lines[1], "index ") {
		check(fmt.Errorf("not a proof: %q", lines[0]))
	}
	index, err := strconv.ParseInt(strings.TrimPrefix(lines[1], "index "), 10, 64)
	check(err)
	var proof tlog.RecordProof
	for _, line := range lines[2:] {
		data, err := base64.StdEncoding.Strict().DecodeString(line)
		check(err)
		if len(data) != tlog.HashSize {
			check(fmt.Errorf("not a hash: %q", line))
		}
		var hash tlog.Hash
		copy(hash[:], data)
		proof = append(proof, hash)
	}
	tree := open([]byte(checkpoint), keys)
	if index >= int64(len(all)) {
		check(fmt.Errorf("no entry %d", index))
	}
	check(tlog.CheckRecord(proof, tree.N, tree.Hash, index, tlog.RecordHash(all[index])))
	return index
}

// refused reports whether a check inside f fails.
func refused(f func()) (failed bool) {
	defer func() {
		if r := recover(); r != nil {
			if _, ours := r.(differs); !ours {
				panic(r)
			}
			failed = true
		}
	}()
	f()
	return false
}

// flip flips every step-th bit of data, one at a time, and returns how many; each must make f fail.
func flip(name string, data []byte, step int, f func(changed []byte)) int {
	count := 0
	for bit := 0; bit < 8*len(data); bit += step {
		changed := append([]byte(nil), data...)
		changed[bit/8] ^= 1 << (bit % 8)
		if !refused(func() { f(changed) }) {
			check(fmt.Errorf("%s: bit %d was flipped and nobody noticed", name, bit))
		}
		count++
	}
	return count
}

func main() {
	defer func() {
		if r := recover(); r != nil {
			d, ours := r.(differs)
			if !ours {
				panic(r)
			}
			fmt.Println("differs:", d.err)
			os.Exit(1)
		}
	}()
	args := os.Args[1:]
	step := 0
	if args[0] == "-flip" {
		var err error
		step, err = strconv.Atoi(args[1])
		check(err)
		args = args[2:]
	}
	l := log{args[0], map[string][]byte{}}
	var keys []note.Verifier
	for _, vkey := range strings.Split(args[1], ",") {
		keys = append(keys, newVerifier(vkey))
	}
	all := l.verify(keys)
	proofs := args[2:]
	flips := 0
	for _, file := range proofs {
		text, err := os.ReadFile(file)
		check(err)
		index := checkProof(string(text), keys, all)
		if step > 0 {
			flips += flip(file, text, step, func(changed []byte) {
				if checkProof(string(changed), keys, all) != index {
					check(fmt.Errorf("the proof of another entry"))
				}
			})
		}
	}
	if step > 0 {
		for path, data := range l.files {
			flips += flip(path, data, step, func(changed []byte) {
				files := map[string][]byte{}
				for p, d := range l.files {
					files[p] = d
				}
				files[path] = changed
				log{l.folder, files}.verify(keys)
			})
		}
		fmt.Printf("flipped %d bits, each was noticed\n", flips)
	}
	fmt.Printf("verified %d entries and %d proofs\n", len(all), len(proofs))
}
