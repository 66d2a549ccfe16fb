// Writes the SDKs of a component package from its schema, as `pulumi package add` does it in a project of that language:
// with the generators of the Pulumi CLI itself.
//
//	generate SCHEMA_FILE DIRECTORY
//
// DIRECTORY gets a folder for each language: python, go, nodejs.
package main

import (
	"encoding/json"
	"fmt"
	"os"
	"path/filepath"

	golang "github.com/pulumi/pulumi/pkg/v3/codegen/go"
	"github.com/pulumi/pulumi/pkg/v3/codegen/nodejs"
	"github.com/pulumi/pulumi/pkg/v3/codegen/python"
	"github.com/pulumi/pulumi/pkg/v3/codegen/schema"
)

// The generator's name in the head of each file. Upstream's hosts name themselves.
const tool = "twodoor's tests"

type files = map[string][]byte

var generators = map[string]func(*schema.Package) (files, error){
	"python": func(pkg *schema.Package) (files, error) { return python.GeneratePackage(tool, pkg, nil, nil) },
	"go":     func(pkg *schema.Package) (files, error) { return golang.GeneratePackage(tool, pkg, nil) },
	"nodejs": func(pkg *schema.Package) (files, error) {
		return nodejs.GeneratePackage(tool, pkg, nil, nil, true, nil)
	},
}

func main() {
	if len(os.Args) != 3 {
		fail(fmt.Errorf("usage: generate SCHEMA_FILE DIRECTORY"))
	}
	text, err := os.ReadFile(os.Args[1])
	if err != nil {
		fail(err)
	}
	for language := range generators {
		if err := generate(text, language, filepath.Join(os.Args[2], language)); err != nil {
			fail(fmt.Errorf("%s: %w", language, err))
		}
	}
}

// generate binds the schema anew for each language, since a generator writes its own settings into the package.
func generate(text []byte, language, directory string) error {
	var spec schema.PackageSpec
	if err := json.Unmarshal(text, &spec); err != nil {
		return err
	}
	pkg, diagnostics, err := schema.BindSpec(spec, schema.NewNullLoader(), schema.ValidationOptions{})
	if err != nil {
		return err
	}
	// A warning of the binder is a mistake in the schema too.
	if len(diagnostics) > 0 {
		return diagnostics
	}
	// `pulumi package add` sets it: it decides about module paths.
	pkg.SupportPack = true
	written, err := generators[language](pkg)
	if err != nil {
		return err
	}
	for path, content := range written {
		target := filepath.Join(directory, path)
		if err := os.MkdirAll(filepath.Dir(target), 0o755); err != nil {
			return err
		}
		if err := os.WriteFile(target, content, 0o644); err != nil {
			return err
		}
	}
	return nil
}

func fail(err error) {
	fmt.Fprintln(os.Stderr, "generate:", err)
	os.Exit(1)
}
