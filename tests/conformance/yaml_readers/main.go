// Reads the documents that examples/emit_corpus.rs writes, as kubectl and kustomize would, and compares them with the corpus.
//
//	cargo run --example emit_corpus -- tests/hostile-strings.json DIRECTORY
//	cd tests/conformance/yaml_readers && go run . ../../hostile-strings.json DIRECTORY
//
// Exits with 1 and the first differences when a reader makes anything but the string of any document.
package main

import (
	"encoding/json"
	"fmt"
	"os"
	"path/filepath"
	"reflect"

	"go.yaml.in/yaml/v3"
	k8syaml "sigs.k8s.io/yaml"
)

type reader struct {
	name string
	read func([]byte) (any, error)
}

var readers = []reader{
	{"sigs.k8s.io/yaml, strict", func(text []byte) (value any, err error) {
		err = k8syaml.UnmarshalStrict(text, &value)
		return
	}},
	{"sigs.k8s.io/yaml to JSON", func(text []byte) (value any, err error) {
		encoded, err := k8syaml.YAMLToJSONStrict(text)
		if err == nil {
			err = json.Unmarshal(encoded, &value)
		}
		return
	}},
	{"yaml v3", func(text []byte) (value any, err error) {
		err = yaml.Unmarshal(text, &value)
		return
	}},
	{"yaml v3 through a node", func(text []byte) (value any, err error) {
		var node yaml.Node
		if err = yaml.Unmarshal(text, &node); err == nil {
			err = node.Decode(&value)
		}
		return
	}},
}

func document(s string) any {
	return map[string]any{
		"value": s,
		"key":   map[string]any{s: s},
		"list":  []any{s, []any{s, s}, map[string]any{s: s}},
		"nested": map[string]any{s: map[string]any{s: []any{
			s,
			map[string]any{"block": s, "last": []any{[]any{s}}},
		}}},
	}
}

func main() {
	if len(os.Args) != 3 {
		fail("usage: yaml_readers CORPUS.json DIRECTORY")
	}
	text, err := os.ReadFile(os.Args[1])
	if err != nil {
		fail(err)
	}
	var corpus []string
	if err := json.Unmarshal(text, &corpus); err != nil {
		fail(err)
	}
	differences := 0
	for index, s := range corpus {
		for name, want := range map[string]any{
			fmt.Sprintf("%d.yaml", index):      document(s),
			fmt.Sprintf("%d.root.yaml", index): s,
		} {
			text, err := os.ReadFile(filepath.Join(os.Args[2], name))
			if err != nil {
				fail(err)
			}
			for _, r := range readers {
				got, err := r.read(text)
				if err == nil && reflect.DeepEqual(got, want) {
					continue
				}
				if differences++; differences <= 20 {
					fmt.Printf("%s: %s: %q: error %v, read %q\n", r.name, name, s, err, got)
				}
			}
		}
	}
	fmt.Printf("%d strings, %d documents, %d readers, %d differences\n", len(corpus), 2*len(corpus), len(readers), differences)
	if differences > 0 || len(corpus) == 0 {
		os.Exit(1)
	}
}

func fail(problem any) {
	fmt.Fprintln(os.Stderr, problem)
	os.Exit(2)
}
