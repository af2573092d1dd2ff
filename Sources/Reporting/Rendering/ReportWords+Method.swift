extension ReportWords {
    /// What a sentence with a number in it means; the method in short.
    static let method: [Fact] = [
        Fact(
            name: "Intent",
            value: "One simulated person who wants one thing done. It makes one or more attempts "
                + "and ends accepted, rejected (a final no), gave up (patience over), failed "
                + "(tries used up), dropped (the generator's fault) or unfinished (the run "
                + "ended)."),
        Fact(
            name: "Response time",
            value: "Counted from the moment the plan wanted the request sent, so that a stalled "
                + "server cannot hide the people who queue behind the stall. An attempt without "
                + "a good answer counts as slower than every good one."),
        Fact(
            name: "Coordinated omission",
            value: "A generator that waits for an answer before it sends again asks a stalled "
                + "server less, and leaves out of its percentiles just those who would have waited "
                + "longest. Spate sends by the plan's clock, whatever the server does, and counts "
                + "from the moment that the plan names; what it could not send is told as dropped "
                + "or late. A closed loop cannot do that, and its report says so."),
        Fact(
            name: "Service time",
            value: "Counted from the moment the request was really sent, over answers of any "
                + "kind: what the server took, without the wait for a sender."),
        Fact(
            name: "Done and good",
            value: "Done: an attempt ended, well or badly. Good: a whole answer with the wanted "
                + "status, in time."),
        Fact(
            name: "Outage",
            value: "A stretch in which of those who arrived fewer than half were accepted in the "
                + "end; seconds in which nobody arrived neither begin nor end one."),
        Fact(
            name: "Phases",
            value: "An intent belongs to the phase in which it arrived, whenever it ended."),
        Fact(
            name: "In at the first try",
            value: "Nothing had to be repeated: neither did the app retry a step nor did the "
                + "person press again. Each retry and each press is one more try."),
        Fact(
            name: "Got in, and if patient",
            value: "The share who had got in by a time since arrival, with giving up, being told "
                + "no and running out of tries as rival ends (Aalen-Johansen); and the share who "
                + "would have, had nobody given up (Kaplan-Meier with Greenwood's interval; "
                + "people told no stay outside for ever). The second supposes that those who gave "
                + "up would have fared like those who waited on."),
        Fact(
            name: "Story time",
            value: "The schedule is compressed, rates and the server's speed are not. One "
                + "simulated person stands for many of the story; nothing is multiplied back."),
        Fact(
            name: "Not known",
            value: "Something that was not measured is never written as 0."),
    ]
}
