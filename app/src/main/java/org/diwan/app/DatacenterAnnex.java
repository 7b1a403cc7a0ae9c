package org.diwan.app;

import java.io.IOException;
import org.diwan.cloud.Annex;
import org.diwan.cloud.api.ApiError;
import org.diwan.datacenter.api.DatacenterApi;
import org.diwan.datacenter.api.Refusal;

/// The data centre's part of the gateway's API: the words of one module in those of the other.
record DatacenterAnnex(DatacenterApi api) implements Annex {
    @Override
    public String name() {
        return "datacenter";
    }

    @Override
    public byte[] answer(Call call) throws IOException, InterruptedException {
        try {
            return api.answer(new DatacenterApi.Request(
                    call.method(), call.path(), call.query(), call.body(), call.key(), call.entries()::append));
        } catch (Refusal e) {
            throw error(e);
        }
    }

    private static ApiError error(Refusal e) {
        String message = String.valueOf(e.getMessage());
        String field = e.field().isEmpty() ? null : e.field();
        return switch (e.status()) {
            case 403 -> new ApiError(403, "permission_error", "power_denied", field, message);
            case 404 -> ApiError.notFound(field, "not_found", message);
            case 409 -> new ApiError(409, "invalid_request_error", "no_controller", field, message);
            default -> ApiError.invalid(field, message);
        };
    }
}
