package main

import (
	"context"
	"fmt"
	"os"

	"github.com/pulumi/pulumi/sdk/v3/go/auto"
	"github.com/pulumi/pulumi/sdk/v3/go/auto/optpreview"
	"github.com/pulumi/pulumi/sdk/v3/go/auto/optup"
	"github.com/pulumi/pulumi/sdk/v3/go/pulumi"
)

// runInline runs a program on the real engine without a language host: as an inline program of the Automation API. Tests put it in the
// place of pulumi.Run. The first argument is `up` or `preview`; the working directory holds Pulumi.yaml and the stack `dev`.
func runInline(program pulumi.RunFunc) {
	ctx := context.Background()
	stack, err := auto.SelectStackInlineSource(ctx, "dev", "exchange", program, auto.WorkDir("."))
	if err != nil {
		fmt.Println(err)
		os.Exit(2)
	}
	if os.Args[1] == "up" {
		_, err = stack.Up(ctx, optup.ProgressStreams(os.Stdout), optup.Color("never"))
	} else {
		_, err = stack.Preview(ctx, optpreview.ProgressStreams(os.Stdout), optpreview.Color("never"))
	}
	if err != nil {
		os.Exit(1) // what the engine said has been printed
	}
}
