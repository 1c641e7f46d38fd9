// Make every call with Segment's own Go client, unmodified.
// Usage: go run . HOST WRITE_KEY
package main

import (
	"log"
	"os"

	"github.com/segmentio/analytics-go/v3"
)

func main() {
	client, err := analytics.NewWithConfig(os.Args[2], analytics.Config{Endpoint: os.Args[1]})
	if err != nil {
		log.Fatal(err)
	}
	for _, call := range []analytics.Message{
		analytics.Identify{
			UserId: "ada", AnonymousId: "device-1", Traits: analytics.Traits{"plan": "free"},
		},
		analytics.Track{
			UserId: "ada", AnonymousId: "device-1", Event: "Order Paid",
			Properties: analytics.Properties{"total": 42.5, "currency": "EUR"},
		},
		analytics.Page{
			UserId: "ada", AnonymousId: "device-1", Name: "Docs",
			Properties: analytics.Properties{"path": "/docs"},
		},
		analytics.Screen{
			UserId: "ada", AnonymousId: "device-1", Name: "Main",
			Properties: analytics.Properties{"tab": 1},
		},
		analytics.Group{
			UserId: "ada", AnonymousId: "device-1", GroupId: "acme", Traits: analytics.Traits{"size": 3},
		},
		analytics.Alias{UserId: "ada", PreviousId: "device-1"},
	} {
		if err := client.Enqueue(call); err != nil {
			log.Fatal(err)
		}
	}
	if err := client.Close(); err != nil {
		log.Fatal(err)
	}
}
