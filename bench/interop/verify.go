// Verify a log folder with the reference implementation of the tree and of signed notes,
// golang.org/x/mod/sumdb/tlog and .../note, which knows nothing of Diwan:
//
//	verify FOLDER VKEY [PROOF...]
//
// opens the checkpoint with the log's Ed25519 key (VKEY), reads every leaf hash from the tiles, which
// authenticates every tile against the signed root, compares each with the entry in its bundle, proves
// that each earlier tree size of a few is a prefix, and checks each tlog-proof file against its entry.
// Prints the size and exits 0, or says what differs and exits 1.
//
// On Debian: apt-get install golang-go golang-golang-x-mod-dev, then
// GO111MODULE=off GOPATH=/usr/share/gocode go run verify.go ...
package main

import (
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

func check(err error) {
	if err != nil {
		fmt.Println("differs:", err)
		os.Exit(1)
	}
}

// open verifies a checkpoint and returns the tree it signs.
func open(text []byte, key note.Verifier) tlog.Tree {
	n, err := note.Open(text, note.VerifierList(key))
	check(err)
	lines := strings.Split(n.Text, "\n")
	size, err := strconv.ParseInt(lines[1], 10, 64)
	check(err)
	hash, err := tlog.ParseHash(lines[2])
	check(err)
	return tlog.Tree{N: size, Hash: hash}
}

// tiles reads C2SP tile paths, which have no height in them: tile/8/0/000 is tile/0/000.
type tiles string

func (tiles) Height() int { return 8 }

func (folder tiles) ReadTiles(wanted []tlog.Tile) ([][]byte, error) {
	var all [][]byte
	for _, tile := range wanted {
		data, err := os.ReadFile(filepath.Join(string(folder), strings.Replace(tile.Path(), "tile/8/", "tile/", 1)))
		if err != nil {
			return nil, err
		}
		all = append(all, data)
	}
	return all, nil
}

func (tiles) SaveTiles([]tlog.Tile, [][]byte) {}

// entries reads all entry bundles of a tree of n entries.
func entries(folder string, n int64) [][]byte {
	var all [][]byte
	for int64(len(all)) < n {
		width := n - int64(len(all))
		if width > 256 {
			width = 256
		}
		tile := tlog.Tile{H: 8, L: 0, N: int64(len(all)) / 256, W: int(width)}
		path := strings.Replace(tile.Path(), "tile/8/0/", "tile/entries/", 1)
		data, err := os.ReadFile(filepath.Join(folder, path))
		check(err)
		for i := int64(0); i < width; i++ {
			size := binary.BigEndian.Uint16(data)
			all = append(all, data[2:2+size])
			data = data[2+size:]
		}
		if len(data) != 0 {
			check(fmt.Errorf("%s: %d bytes too many", path, len(data)))
		}
	}
	return all
}

// checkProof verifies a c2sp.org/tlog-proof@v1 text.
func checkProof(text string, key note.Verifier, all [][]byte) {
	head, checkpoint, _ := strings.Cut(text, "\n\n")
	lines := strings.Split(head, "\n")
	if lines[0] != "c2sp.org/tlog-proof@v1" {
		check(fmt.Errorf("not a proof: %q", lines[0]))
	}
	index, err := strconv.ParseInt(strings.TrimPrefix(lines[1], "index "), 10, 64)
	check(err)
	var proof tlog.RecordProof
	for _, line := range lines[2:] {
		data, err := base64.StdEncoding.Strict().DecodeString(line)
		check(err)
		var hash tlog.Hash
		copy(hash[:], data)
		proof = append(proof, hash)
	}
	tree := open([]byte(checkpoint), key)
	check(tlog.CheckRecord(proof, tree.N, tree.Hash, index, tlog.RecordHash(all[index])))
}

func main() {
	folder := os.Args[1]
	key, err := note.NewVerifier(os.Args[2])
	check(err)
	text, err := os.ReadFile(filepath.Join(folder, "checkpoint"))
	check(err)
	tree := open(text, key)
	all := entries(folder, tree.N)
	if tree.N > 0 {
		reader := tlog.TileHashReader(tree, tiles(folder))
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
	}
	for _, file := range os.Args[3:] {
		text, err := os.ReadFile(file)
		check(err)
		checkProof(string(text), key, all)
	}
	fmt.Printf("verified %d entries and %d proofs\n", tree.N, len(os.Args)-3)
}
