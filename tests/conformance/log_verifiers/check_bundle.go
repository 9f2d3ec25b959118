// SPDX-License-Identifier: Apache-2.0

package main

import (
	"crypto/ecdsa"
	"crypto/sha256"
	"crypto/x509"
	"encoding/base64"
	"encoding/binary"
	"encoding/json"
	"fmt"
	"math/big"
	"os"
	"path/filepath"
	"strings"

	"golang.org/x/mod/sumdb/note"
	"golang.org/x/mod/sumdb/tlog"
)

// What is used of manifest.json and of a line of freezes.jsonl.
type bundleManifest struct {
	Logs []struct {
		ProviderID  string `json:"provider_id"`
		VerifierKey string `json:"verifier_key"`
		Checkpoint  string `json:"checkpoint"`
	} `json:"logs"`
	Files []struct {
		Name string `json:"name"`
	} `json:"files"`
}
type bundledFreeze struct {
	ProviderID  string   `json:"provider_id"`
	Decision    string   `json:"decision"`
	Consistency [][]byte `json:"consistency"`
}

type bundleLog struct {
	verifier note.Verifier
	tree     tlog.Tree
}

// message is a protobuf message by field numbers; of a repeated field all values, in order.
type message map[uint64][]field
type field struct {
	number uint64
	bytes  []byte
}

func parse(bytes []byte) (message, error) {
	fields := message{}
	for len(bytes) > 0 {
		tag, n := binary.Uvarint(bytes)
		if n <= 0 {
			return nil, fmt.Errorf("no tag")
		}
		bytes = bytes[n:]
		var value field
		switch tag & 7 {
		case 0:
			value.number, n = binary.Uvarint(bytes)
			if n <= 0 {
				return nil, fmt.Errorf("no number")
			}
			bytes = bytes[n:]
		case 1:
			if len(bytes) < 8 {
				return nil, fmt.Errorf("eight bytes are missing")
			}
			value.number = binary.LittleEndian.Uint64(bytes)
			bytes = bytes[8:]
		case 2:
			length, n := binary.Uvarint(bytes)
			if n <= 0 || length > uint64(len(bytes)-n) {
				return nil, fmt.Errorf("bytes are missing")
			}
			value.bytes = bytes[n : n+int(length)]
			bytes = bytes[n+int(length):]
		default:
			return nil, fmt.Errorf("another wire type")
		}
		fields[tag>>3] = append(fields[tag>>3], value)
	}
	return fields, nil
}

func (m message) number(of uint64) uint64 {
	if len(m[of]) == 0 {
		return 0
	}
	return m[of][len(m[of])-1].number
}

func (m message) text(of uint64) []byte {
	if len(m[of]) == 0 {
		return nil
	}
	return m[of][len(m[of])-1].bytes
}

func bigEndian(numbers ...uint64) []byte {
	var bytes []byte
	for _, number := range numbers {
		bytes = binary.BigEndian.AppendUint64(bytes, number)
	}
	return bytes
}

func hashOf(label string, parts ...[]byte) []byte {
	hash := sha256.New()
	hash.Write([]byte(label))
	for _, part := range parts {
		hash.Write(part)
	}
	return hash.Sum(nil)
}

// leafOf computes a leaf from what a proof's extra line shows (docs/sync-protocol.md, "Bytes that
// are hashed") and checks the device's signature.
func leafOf(extra []byte) ([]byte, error) {
	shown, err := parse(extra)
	if err != nil {
		return nil, err
	}
	arrivalHash := shown.text(9)
	if arrival := shown.text(6); arrival != nil {
		came, err := parse(arrival)
		if err != nil {
			return nil, err
		}
		arrivalHash = hashOf("doorstep/arrival/v1\n", shown.text(7), bigEndian(came.number(1)),
			came.text(2))
	}
	entryHash := shown.text(8)
	if header := shown.text(2); header != nil {
		begin, err := parse(header)
		if err != nil {
			return nil, err
		}
		signed := append([]byte("doorstep/entry/v2\n"), bigEndian(shown.number(1))...)
		signed = binary.BigEndian.AppendUint32(signed, uint32(len(header)))
		signed = append(signed, header...)
		for i, each := range shown[3] {
			event, err := parse(each.bytes)
			if err != nil {
				return nil, err
			}
			hash := event.text(3)
			if said := event.text(1); said != nil {
				of, err := parse(said)
				if err != nil {
					return nil, err
				}
				hash = hashOf("doorstep/event/v1\n", event.text(2),
					bigEndian(begin.number(6)+uint64(i), of.number(1), of.number(2), of.number(3)),
					of.text(4))
			}
			signed = append(signed, hash...)
		}
		if err := checkSignature(shown.text(5), signed, shown.text(4)); err != nil {
			return nil, err
		}
		sum := sha256.Sum256(signed)
		entryHash = sum[:]
	}
	if len(entryHash) != 32 || len(arrivalHash) != 32 {
		return nil, fmt.Errorf("neither entry nor its hash, or no arrival")
	}
	return append(append([]byte("doorstep/leaf/v2\n"), entryHash...), arrivalHash...), nil
}

func checkSignature(spki, signed, signature []byte) error {
	key, err := x509.ParsePKIXPublicKey(spki)
	if err != nil {
		return err
	}
	public, isECDSA := key.(*ecdsa.PublicKey)
	if !isECDSA || len(signature) != 64 {
		return fmt.Errorf("no P-256 key, or no signature of 64 bytes")
	}
	sum := sha256.Sum256(signed)
	r, s := new(big.Int).SetBytes(signature[:32]), new(big.Int).SetBytes(signature[32:])
	if !ecdsa.Verify(public, sum[:], r, s) {
		return fmt.Errorf("the device did not sign what is shown")
	}
	return nil
}

// extraOf is the proof's extra line, undone.
func extraOf(proof string) ([]byte, error) {
	lines := strings.SplitN(proof, "\n", 3)
	if len(lines) < 3 || !strings.HasPrefix(lines[1], "extra ") {
		return nil, fmt.Errorf("no extra line")
	}
	return base64.StdEncoding.DecodeString(strings.TrimPrefix(lines[1], "extra "))
}

// checkProof is all of it: leaf, path, checkpoint, and that this one is the manifest's.
func checkProof(proof string, log bundleLog) error {
	extra, err := extraOf(proof)
	if err != nil {
		return err
	}
	leaf, err := leafOf(extra)
	if err != nil {
		return err
	}
	if err := verify(proof, string(leaf), log.verifier); err != nil {
		return err
	}
	_, signed, _ := strings.Cut(proof, "\n\n")
	size, root, err := checkpoint(signed, log.verifier)
	if err != nil {
		return err
	}
	if size != log.tree.N || root != log.tree.Hash {
		return fmt.Errorf("it is against another checkpoint than the manifest's")
	}
	return nil
}

// tileFiles reads tiles as C2SP names them; Go's paths name the height besides.
type tileFiles string

func (folder tileFiles) Height() int { return 8 }
func (folder tileFiles) ReadTiles(tiles []tlog.Tile) (data [][]byte, err error) {
	for _, tile := range tiles {
		path := strings.Replace(tile.Path(), "tile/8/", "tile/", 1)
		bytes, err := os.ReadFile(filepath.Join(string(folder), path))
		if err != nil {
			return nil, err
		}
		data = append(data, bytes)
	}
	return data, nil
}
func (folder tileFiles) SaveTiles([]tlog.Tile, [][]byte) {}

// checkTiles holds a proof's path to the one that the log's tiles give.
func checkTiles(proof string, tree tlog.Tree, hashes tlog.HashReader) error {
	head, _, _ := strings.Cut(proof, "\n\n")
	lines := strings.Split(head, "\n")[2:]
	var index int64
	if _, err := fmt.Sscanf(lines[0], "index %d", &index); err != nil {
		return err
	}
	path, err := tlog.ProveRecord(tree.N, index, hashes)
	if err != nil {
		return err
	}
	if len(path) != len(lines)-1 {
		return fmt.Errorf("the tiles give a path of another length")
	}
	for i, hash := range path {
		if hash.String() != lines[i+1] {
			return fmt.Errorf("the tiles give another path")
		}
	}
	return nil
}

// frozenRoot is what a decision's one shown event says that the log was: MonthFrozen of
// roster.v1.OfficeFact.
func frozenRoot(proof, provider string) (size int64, root tlog.Hash, err error) {
	extra, err := extraOf(proof)
	if err != nil {
		return 0, root, err
	}
	shown, err := parse(extra)
	if err != nil {
		return 0, root, err
	}
	for _, each := range shown[3] {
		event, err := parse(each.bytes)
		if err != nil {
			return 0, root, err
		}
		said, err := parse(event.text(1))
		if err != nil {
			return 0, root, err
		}
		fact, err := parse(said.text(4))
		if err != nil {
			return 0, root, err
		}
		frozen, err := parse(fact.text(30))
		if err != nil {
			return 0, root, err
		}
		for _, each := range frozen[6] {
			log, err := parse(each.bytes)
			if err != nil {
				return 0, root, err
			}
			if fmt.Sprint(log.number(1)) == provider {
				copy(root[:], log.text(3))
				return int64(log.number(2)), root, nil
			}
		}
	}
	return 0, root, fmt.Errorf("the decision freezes no such log")
}

func checkFreezes(folder string, logs map[string]bundleLog) int {
	freezes := 0
	for _, line := range strings.Split(strings.TrimSpace(read(folder, "freezes.jsonl")), "\n") {
		var freeze bundledFreeze
		must(json.Unmarshal([]byte(line), &freeze))
		size, root, err := frozenRoot(read(folder, freeze.Decision), freeze.ProviderID)
		must(err)
		var proof tlog.TreeProof
		for _, each := range freeze.Consistency {
			var hash tlog.Hash
			copy(hash[:], each)
			proof = append(proof, hash)
		}
		tree := logs[freeze.ProviderID].tree
		must(tlog.CheckTree(proof, tree.N, tree.Hash, size, root))
		root[0] ^= 1
		refused := tlog.CheckTree(proof, tree.N, tree.Hash, size, root) != nil
		require(refused, "a frozen log that is no beginning of this one was accepted")
		freezes++
	}
	return freezes
}

// readBundle checks what `doorstep-server export --bundle` wrote. tiles: a folder for each log.
func readBundle(folder, tiles string) {
	var manifest bundleManifest
	must(json.Unmarshal([]byte(read(folder, "manifest.json")), &manifest))
	logs, hashes := map[string]bundleLog{}, map[string]tlog.HashReader{}
	for _, listed := range manifest.Logs {
		verifier, err := note.NewVerifier(listed.VerifierKey)
		must(err)
		size, root, err := checkpoint(listed.Checkpoint, verifier)
		must(err)
		tree := tlog.Tree{N: size, Hash: root}
		logs[listed.ProviderID] = bundleLog{verifier, tree}
		hashes[listed.ProviderID] =
			tlog.TileHashReader(tree, tileFiles(filepath.Join(tiles, listed.ProviderID)))
	}
	accepted := map[string]int{}
	for _, file := range manifest.Files {
		kind, name, isProof := strings.Cut(file.Name, "/")
		if !isProof {
			continue
		}
		provider, _, _ := strings.Cut(name, "-")
		log, known := logs[provider]
		require(known, file.Name+" is of no log of the manifest")
		proof := read(folder, file.Name)
		if err := checkProof(proof, log); err != nil {
			must(fmt.Errorf("%s: %w", file.Name, err))
		}
		must(checkTiles(proof, log.tree, hashes[provider]))
		require(checkProof(alterAfter(proof, "extra "), log) != nil,
			file.Name+": an altered entry was accepted")
		require(checkProof(alterAfter(proof, log.verifier.Name()+" "), log) != nil,
			file.Name+": an altered checkpoint was accepted")
		accepted[kind]++
	}
	for _, kind := range []string{"entries", "decisions", "priors"} {
		require(accepted[kind] > 0, "no proofs of "+kind+" were written")
	}
	freezes := checkFreezes(folder, logs)
	fmt.Printf("a bundle's proofs of %d entries, %d decisions, %d earlier starts and %d frozen logs "+
		"accepted, altered ones refused\n", accepted["entries"], accepted["decisions"],
		accepted["priors"], freezes)
}
