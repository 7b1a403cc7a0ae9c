// Virtual vehicles of vda-5050-lib. The first line of standard input is
//   {"broker": "mqtt://…", "vehicles": [{"serial": "a-1", "x": 0, "y": 0, "map": "f0", "node": "p00"}, …]}
// It prints "ready" when all are online. At the next line of its input, or its end, it stops and prints one line:
//   {"nearest": m, "begun": {actionId: times}, "cpuSeconds": s, "rssMiB": MiB}
import { createInterface } from "node:readline";
import { AgvController, VirtualAgvAdapter } from "vda-5050-lib";

const adapters = [];
const begun = {};
let nearest = Infinity;

class Vehicle extends VirtualAgvAdapter {
    constructor(...given) {
        super(...given);
        adapters.push(this);
    }

    executeAction(context) {
        if (context.scope !== "instant") {
            const id = context.action.actionId;
            begun[id] = (begun[id] ?? 0) + 1;
        }
        super.executeAction(context);
    }

    get place() {
        return this.vehicleState.position;
    }
}

function look() {
    const places = adapters.map(each => each.place);
    for (let i = 0; i < places.length; i++)
        for (let j = 0; j < i; j++)
            if (places[i].mapId === places[j].mapId)
                nearest = Math.min(nearest, Math.hypot(places[i].x - places[j].x, places[i].y - places[j].y));
}

const lines = createInterface({ input: process.stdin })[Symbol.asyncIterator]();
const { broker, vehicles } = JSON.parse((await lines.next()).value);
const controllers = vehicles.map(({ serial, x, y, map, node }) => new AgvController(
    { manufacturer: "RobotCompany", serialNumber: serial },
    {
        interfaceName: "uagv",
        transport: { brokerUrl: broker, heartbeat: 1, connectTimeout: 5000, reconnectPeriod: 300 },
        vdaVersion: "2.0.0",
    },
    { agvAdapterType: Vehicle, publishVisualizationInterval: 300 },
    { initialPosition: { mapId: map, x, y, theta: 0, lastNodeId: node }, vehicleSpeed: 2, tickRate: 10 }));
for (const each of controllers) await each.start();
setInterval(look, 50);
const before = process.cpuUsage();
console.log("ready");
await lines.next();
const { user, system } = process.cpuUsage(before);
console.log(JSON.stringify({
    nearest,
    begun,
    cpuSeconds: (user + system) / 1e6,
    rssMiB: Math.round(process.memoryUsage.rss() / 2 ** 20),
}));
process.exit(0);
