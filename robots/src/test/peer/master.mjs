// The fleet control of vda-5050-lib commands one vehicle at uagv/v2/diwan/r-1, which stands at p0 of a row of
// places p0 … p5, two metres apart. Argument: the broker. It prints what it is told, one event a line, and ends.
import { MasterController } from "vda-5050-lib";

const vehicle = { manufacturer: "diwan", serialNumber: "r-1" };
const master = new MasterController(
    { interfaceName: "uagv", transport: { brokerUrl: process.argv[2] }, vdaVersion: "2.0.0" }, {});
const say = (...words) => console.log(words.join(" "));

const action = (type, id) => ({ actionType: type, actionId: id, blockingType: "HARD", actionParameters: [] });
const node = (i, sequence, actions, released = true) => ({
    nodeId: "p" + i, sequenceId: 2 * sequence, released, actions,
    nodePosition: { x: 2 * i, y: 0, mapId: "f0" },
});
const edge = (from, to, sequence) => ({
    edgeId: `p${from}-p${to}`, sequenceId: 2 * sequence + 1, released: true, actions: [],
    startNodeId: "p" + from, endNodeId: "p" + to,
});

function order(orderId, places, actions) {
    return {
        orderId,
        orderUpdateId: 0,
        nodes: places.map((place, i) => node(place, i, i === places.length - 1 ? actions : [])),
        edges: places.slice(1).map((place, i) => edge(places[i], place, i)),
    };
}

// Resolves when the order is over; `reached` is called at each node.
function run(given, reached = () => {}) {
    return new Promise((done, failed) => {
        master.assignOrder(vehicle, given, {
            onOrderProcessed: (error, cancelled, active) => {
                say("order", given.orderId, error ? "error " + error.errorType : "done", "cancelled", cancelled, "active", active);
                done();
            },
            onNodeTraversed: at => {
                say("node", at.nodeId);
                reached(at.nodeId);
            },
            onEdgeTraversed: along => say("edge", along.edgeId),
            onActionStateChanged: state => say("action", state.actionId, state.actionStatus),
        }).catch(failed);
    });
}

function instantly(type, id) {
    return new Promise((done, failed) => {
        master.initiateInstantActions(vehicle, { instantActions: [action(type, id)] }, {
            onActionStateChanged: state => {
                say("instant", state.actionId, state.actionStatus);
                if (state.actionStatus === "FINISHED" || state.actionStatus === "FAILED") done();
            },
            onActionError: error => {
                say("instant", id, "error", error.errorType);
                done();
            },
        }).catch(failed);
    });
}

await master.start();
await new Promise(online => master.trackAgvs((of, state) => {
    say("vehicle", of.serialNumber, state);
    if (state === "ONLINE") online();
}));
await run(order("o-1", [0, 1, 2], [action("pick", "pick-1")]));
await instantly("stateRequest", "ask-1");
await instantly("startPause", "pause-1");
await instantly("stopPause", "go-1");
let called;
await run(order("o-2", [2, 3, 4, 5], [action("drop", "drop-1")]), at => {
    if (at === "p3") called = instantly("cancelOrder", "cancel-1");
});
await called;
await instantly("cancelOrder", "cancel-2");
await master.stop();
say("end");
process.exit(0);
