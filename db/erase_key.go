package db

import (
	"context"
	"crypto/hmac"
	"crypto/rand"
	"crypto/sha256"
	"encoding/hex"
	"errors"
	"fmt"
	"hash"
	"io/fs"
	"os"
	"path/filepath"
	"strings"

	"github.com/jackc/pgx/v5"
)

// erasureKeyBytes is how long the key of erased identities is.
const erasureKeyBytes = 32

// erasureKey makes hashes of erased identities: HMAC-SHA256 (RFC 2104) under a key that is not in the database. Codes of households are
// few enough to be tried one by one: with the key beside them, the hashes of a copied database would be the codes themselves.
type erasureKey struct{ mac hash.Hash }

func newErasureKey(key []byte) *erasureKey { return &erasureKey{hmac.New(sha256.New, key)} }

func randomKey() []byte {
	key := make([]byte, erasureKeyBytes)
	rand.Read(key) // never fails
	return key
}

// digest is the hash of an identity of a province: what it is of, and its parts.
func (k *erasureKey) digest(parts ...string) (sum [sha256.Size]byte) {
	k.mac.Reset()
	for _, part := range parts {
		fmt.Fprintf(k.mac, "%d:%s", len(part), part)
	}
	k.mac.Sum(sum[:0])
	return sum
}

func (k *erasureKey) household(province, code string) [sha256.Size]byte {
	return k.digest("household", province, code)
}

func (k *erasureKey) address(province, scheme, code string) [sha256.Size]byte {
	return k.digest("address", province, scheme, code)
}

// readErasureKey reads the file of the key.
func readErasureKey(file string) (*erasureKey, error) {
	text, err := os.ReadFile(file)
	if err != nil {
		return nil, err
	}
	key, err := hex.DecodeString(strings.TrimSpace(string(text)))
	if err != nil || len(key) != erasureKeyBytes {
		return nil, fmt.Errorf("%[1]s không phải tệp khóa xóa: phải là %[2]d chữ số thập lục phân; hãy chép lại tệp gốc · %[1]s is no erasure key: it must be %[2]d hexadecimal digits; copy the original file again", file, 2*erasureKeyBytes)
	}
	return newErasureKey(key), nil
}

// makeErasureKey makes a key and its file, which is whole from the moment it is there. Whoever else has just made one has made it for both.
func makeErasureKey(file string) (err error) {
	if err := os.MkdirAll(filepath.Dir(file), 0o700); err != nil {
		return err
	}
	draft, err := os.CreateTemp(filepath.Dir(file), ".erasure-key-*") // for its owner alone
	if err != nil {
		return err
	}
	defer func() { err = errors.Join(err, os.Remove(draft.Name())) }()
	_, err = draft.WriteString(hex.EncodeToString(randomKey()) + "\n")
	if err = errors.Join(err, draft.Sync(), draft.Close()); err != nil {
		return err
	}
	if err := os.Link(draft.Name(), file); err != nil && !errors.Is(err, fs.ErrExist) {
		return err
	}
	return nil
}

// openErasureKey returns the key of DB.ErasureKey, if it is the one under which the database's erased identities are. Where nothing is erased
// yet it may be any; of one that erases the first makes the file, and the database remembers which it was.
func (d *DB) openErasureKey(ctx context.Context, tx pgx.Tx, erases bool) (*erasureKey, error) {
	var expected []byte
	var used bool
	if erases {
		if _, err := tx.Exec(ctx, "lock table erasure_key in exclusive mode"); err != nil {
			return nil, err
		}
	}
	err := tx.QueryRow(ctx, importQuery("erasure_key")).Scan(&expected, &used)
	if err != nil && !errors.Is(err, pgx.ErrNoRows) {
		return nil, err
	}
	if d.ErasureKey == "" {
		return nil, errors.New("chưa có tệp khóa xóa; hãy đặt --erasure-key · no file of the erasure key is set; set --erasure-key")
	}
	key, err := readErasureKey(d.ErasureKey)
	switch missing := errors.Is(err, fs.ErrNotExist) && !used; {
	case missing && !erases: // nothing is hashed for good
		return newErasureKey(randomKey()), nil
	case missing:
		if err := makeErasureKey(d.ErasureKey); err != nil {
			return nil, fmt.Errorf("erasure key: %w", err)
		}
		key, err = readErasureKey(d.ErasureKey)
	}
	if errors.Is(err, fs.ErrNotExist) {
		return nil, fmt.Errorf("thiếu tệp khóa xóa %[1]s, mà cơ sở dữ liệu này đã có hộ bị xóa: hãy chép tệp ấy về từ máy đã xóa, hoặc từ bản sao lưu, hay chỉ ra nó bằng --erasure-key · the erasure key %[1]s is missing, and households have been erased from this database: copy that file from the machine that erased them, or from a backup, or name it with --erasure-key", d.ErasureKey)
	}
	if err != nil {
		return nil, fmt.Errorf("erasure key: %w", err)
	}
	sum := key.digest("key")
	switch {
	case hmac.Equal(sum[:], expected):
		return key, nil
	case used:
		return nil, fmt.Errorf("khóa xóa trong %[1]s không phải khóa mà các hộ đã xóa được băm bằng: hãy dùng đúng tệp cũ; chỉ đổi được khóa khi không còn hộ nào bị xóa · the erasure key in %[1]s is not the one under which the erased households are hashed: use the original file; the key can be changed only while nothing is erased", d.ErasureKey)
	case erases:
		_, err = tx.Exec(ctx, importQuery("erasure_key_set"), pgx.StrictNamedArgs{"expected": sum[:]})
	}
	return key, err
}
