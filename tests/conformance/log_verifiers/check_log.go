// SPDX-License-Identifier: Apache-2.0

// check_log reads the proofs that log_proof_files wrote, and a bundle of a server's, with the
// packages that the formats came from, and writes some of its own for log_proof_files to read.
package main

import (
	"crypto/rand"
	"encoding/base64"
	"fmt"
	"os"
	"path/filepath"
	"strings"

	"golang.org/x/mod/sumdb/note"
	"golang.org/x/mod/sumdb/tlog"
)

func must(err error) {
	if err != nil {
		fmt.Fprintln(os.Stderr, "check_log:", err)
		os.Exit(1)
	}
}

func require(holds bool, what string) {
	if !holds {
		must(fmt.Errorf("%s", what))
	}
}

func read(parts ...string) string {
	bytes, err := os.ReadFile(filepath.Join(parts...))
	must(err)
	return string(bytes)
}

// checkpoint opens a signed note and parses its three lines: tlog.ParseTree takes only Go's origin.
func checkpoint(signed string, log note.Verifier) (size int64, root tlog.Hash, err error) {
	opened, err := note.Open([]byte(signed), note.VerifierList(log))
	if err != nil {
		return 0, root, err
	}
	lines := strings.Split(opened.Text, "\n")
	if len(lines) != 4 || lines[0] != log.Name() {
		return 0, root, fmt.Errorf("the checkpoint has another form: %q", opened.Text)
	}
	if _, err = fmt.Sscanf(lines[1], "%d", &size); err != nil {
		return 0, root, err
	}
	root, err = tlog.ParseHash(lines[2])
	return size, root, err
}

// verify is the procedure of c2sp.org/tlog-proof.
func verify(proof, leaf string, log note.Verifier) error {
	head, signed, found := strings.Cut(proof, "\n\n")
	if !found {
		return fmt.Errorf("no empty line")
	}
	lines := strings.Split(head, "\n")
	if lines[0] != "c2sp.org/tlog-proof@v1" {
		return fmt.Errorf("another first line: %q", lines[0])
	}
	lines = lines[1:]
	if strings.HasPrefix(lines[0], "extra ") {
		lines = lines[1:]
	}
	var index int64
	if _, err := fmt.Sscanf(lines[0], "index %d", &index); err != nil {
		return err
	}
	var hashes tlog.RecordProof
	for _, line := range lines[1:] {
		hash, err := tlog.ParseHash(line)
		if err != nil {
			return err
		}
		hashes = append(hashes, hash)
	}
	size, root, err := checkpoint(signed, log)
	if err != nil {
		return err
	}
	return tlog.CheckRecord(hashes, size, root, index, tlog.RecordHash([]byte(leaf)))
}

// alterAfter changes one base64 character that follows the mark.
func alterAfter(text, mark string) string {
	at := strings.Index(text, mark)
	require(at >= 0, "nothing to alter after "+mark)
	bytes := []byte(text)
	at += len(mark) + 6
	if bytes[at] == 'A' {
		bytes[at] = 'B'
	} else {
		bytes[at] = 'A'
	}
	return string(bytes)
}

func readProofs(folder string, log note.Verifier) {
	names, err := filepath.Glob(filepath.Join(folder, "*.tlog-proof"))
	must(err)
	require(len(names) > 0, "no proofs were written")
	refused := 0
	for _, name := range names {
		proof, leaf := read(name), read(strings.TrimSuffix(name, ".tlog-proof")+".leaf")
		must(verify(proof, leaf, log))
		altered := []byte(leaf)
		altered[len(altered)-1] ^= 1
		wrong := []string{alterAfter(proof, log.Name()+" "), alterAfter(proof, log.Name()+"\n")}
		require(verify(proof, string(altered), log) != nil, name+": an altered record was accepted")
		for _, text := range wrong {
			require(verify(text, leaf, log) != nil, name+": an altered checkpoint was accepted")
		}
		refused += 1 + len(wrong)
	}
	fmt.Printf("%d proofs of ours accepted, %d altered ones refused\n", len(names), refused)
}

func readConsistency(folder string, log note.Verifier) {
	names, err := filepath.Glob(filepath.Join(folder, "*.consistency"))
	must(err)
	require(len(names) > 0, "no consistency proofs were written")
	for _, name := range names {
		parts := strings.SplitN(read(name), "\x00", 3)
		require(len(parts) == 3, name+" has another form")
		oldSize, oldRoot, err := checkpoint(parts[0], log)
		must(err)
		size, root, err := checkpoint(parts[1], log)
		must(err)
		var proof tlog.TreeProof
		for _, line := range strings.Fields(parts[2]) {
			hash, err := tlog.ParseHash(line)
			must(err)
			proof = append(proof, hash)
		}
		must(tlog.CheckTree(proof, size, root, oldSize, oldRoot))
		oldRoot[0] ^= 1
		refused := tlog.CheckTree(proof, size, root, oldSize, oldRoot) != nil
		require(refused, name+": another history was accepted")
	}
	fmt.Printf("%d consistency proofs of ours accepted, other histories refused\n", len(names))
}

func readTilePaths(folder string) {
	lines := strings.Split(strings.TrimSpace(read(folder, "tile-paths")), "\n")
	for _, line := range lines {
		var level, width int
		var index int64
		var path string
		_, err := fmt.Sscanf(line, "%d %d %d %s", &level, &index, &width, &path)
		must(err)
		// Go's paths name the height, C2SP's do not.
		tile := tlog.Tile{H: 8, L: level, N: index, W: width}
		theirs := strings.Replace(tile.Path(), "tile/8/", "tile/", 1)
		require(path == theirs, "we write "+path+" for "+theirs)
	}
	fmt.Printf("%d tile paths agree\n", len(lines))
}

func write(folder string) {
	const size, origin = 1000, "care.example/log/9"
	var stored []tlog.Hash
	reader := tlog.HashReaderFunc(func(indexes []int64) ([]tlog.Hash, error) {
		var hashes []tlog.Hash
		for _, index := range indexes {
			hashes = append(hashes, stored[index])
		}
		return hashes, nil
	})
	leaf := func(i int64) []byte { return []byte(fmt.Sprintf("leaf %d", i)) }
	for i := int64(0); i < size; i++ {
		hashes, err := tlog.StoredHashes(i, leaf(i), reader)
		must(err)
		stored = append(stored, hashes...)
	}
	root, err := tlog.TreeHash(size, reader)
	must(err)
	secret, vkey, err := note.GenerateKey(rand.Reader, origin)
	must(err)
	signer, err := note.NewSigner(secret)
	must(err)
	signed, err := note.Sign(&note.Note{Text: fmt.Sprintf("%s\n%d\n%s\n", origin, size, root)}, signer)
	must(err)
	must(os.WriteFile(filepath.Join(folder, "vkey"), []byte(vkey), 0o600))
	for _, index := range []int64{0, 1, 255, 256, 511, 777, 998, 999} {
		hashes, err := tlog.ProveRecord(size, index, reader)
		must(err)
		text := fmt.Sprintf("c2sp.org/tlog-proof@v1\nindex %d\n", index)
		for _, hash := range hashes {
			text += base64.StdEncoding.EncodeToString(hash[:]) + "\n"
		}
		name := filepath.Join(folder, fmt.Sprintf("%d", index))
		must(os.WriteFile(name+".tlog-proof", append([]byte(text+"\n"), signed...), 0o600))
		must(os.WriteFile(name+".leaf", leaf(index), 0o600))
	}
}

func main() {
	isBundle := len(os.Args) == 4 && os.Args[1] == "bundle"
	require(len(os.Args) == 3 || isBundle, "usage: check_log read|write FOLDER | bundle FOLDER TILES")
	folder := os.Args[2]
	if isBundle {
		readBundle(folder, os.Args[3])
		return
	}
	if os.Args[1] == "write" {
		write(folder)
		return
	}
	log, err := note.NewVerifier(read(folder, "vkey"))
	must(err)
	readProofs(folder, log)
	readConsistency(folder, log)
	readTilePaths(folder)
}
