package org.diwan.cloud.upstream;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import org.junit.jupiter.api.Test;

class UpstreamAddressTest {
    @Test
    void nameAddressAndJurisdictionAreRead() {
        var address = UpstreamAddress.parse("my-llm=https://llm.example:8443/v1/@de", "secret");
        assertEquals("my-llm", address.name());
        assertEquals("https://llm.example:8443/v1", address.base().toString());
        assertEquals("de", address.jurisdiction().code());
        assertEquals("my-llm=https://llm.example:8443/v1@de", address.toString());
        assertEquals("DIWAN_UPSTREAM_MY_LLM_KEY", UpstreamAddress.keyVariable("my-llm"));
    }

    @Test
    void otherFormsAreRefused() {
        for (String text : new String[] {
            "", "x", "x=https://a", "x=ftp://a@de", "X=https://a@de", "x=https://a@DE", "x=https://a@b@de"
        }) assertThrows(IllegalArgumentException.class, () -> UpstreamAddress.parse(text, null), text);
    }
}
