/// What there is and where it stands, fed and cooled by what: the intent, as a file says it.
///
/// Start at [org.diwan.datacenter.inventory.Inventory]; [org.diwan.datacenter.inventory.InventoryFile]
/// reads and writes it as YAML or JSON. The nouns are NetBox's (region, site, rack, power panel, power
/// feed, device), reduced to what placement and proof need. Whether machines agree with the file is
/// for discovery to say; nothing here talks to a machine.
@NullMarked
package org.diwan.datacenter.inventory;

import org.jspecify.annotations.NullMarked;
